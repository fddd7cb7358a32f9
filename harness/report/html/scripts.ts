/**
 * What the pages do beyond what HTML does by itself. They are complete without it. Plain text, as it goes into
 * the page; the Content-Security-Policy lets exactly these run, by their hash.
 */

/** Shows the filter and hides what does not match. */
export const filterScript = `
'use strict';
const form = document.querySelector('form.filter');
const count = document.querySelector('#matches');
const cards = [...document.querySelectorAll('.card[data-text]')];
const groups = [...document.querySelectorAll('[data-area]')];
const apply = () => {
  const { text, status, browser } = form.elements;
  const needle = text.value.trim().toLowerCase();
  let shown = 0;
  for (const card of cards) {
    const named = card.dataset.text.includes(needle);
    let matches = 0;
    for (const link of card.querySelectorAll('a[data-tone]')) {
      const fits =
        named &&
        (status.value === '' || link.dataset.tone === status.value) &&
        (browser.value === '' || [link.dataset.offerer, link.dataset.answerer].includes(browser.value));
      link.toggleAttribute('data-off', !fits);
      if (fits) matches += 1;
    }
    card.toggleAttribute('data-off', matches === 0);
    shown += matches;
  }
  for (const group of groups) group.toggleAttribute('data-off', !group.querySelector('.card:not([data-off])'));
  count.textContent = shown + ' cells shown';
};
form.hidden = false;
form.addEventListener('input', apply);
form.addEventListener('reset', () => setTimeout(apply));
form.addEventListener('submit', (event) => event.preventDefault());
`;

/** Puts a button beside each command that copies it. */
export const copyScript = `
'use strict';
for (const command of document.querySelectorAll('pre.command')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(command.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(command);
      button.textContent = 'Selected: copy it now';
    }
  });
  command.after(' ', button);
}
`;
