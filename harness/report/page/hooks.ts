import { useEffect, useState } from 'preact/hooks';

/** Something that is loaded: not there yet, there, or not available. */
export type Loaded<T> =
  { state: 'loading' } | { state: 'there'; value: T } | { state: 'failed'; message: string };

/** Loads anew whenever `key` changes; the result for an earlier key is dropped. */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<{ key: string; value: Loaded<T> }>({
    key,
    value: { state: 'loading' },
  });
  useEffect(() => {
    let current = true;
    load().then(
      (value) => {
        if (current) setLoaded({ key, value: { state: 'there', value } });
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        if (current) setLoaded({ key, value: { state: 'failed', message } });
      },
    );
    return () => {
      current = false;
    };
  }, [key]);
  return loaded.key === key ? loaded.value : { state: 'loading' };
}

/** Starts with as many as fit, and shows more as the reader comes near the end. */
export function useMore(
  key: string,
  total: number,
  step: number,
): { shown: number; end: (element: Element | null) => void } {
  const [state, setState] = useState({ key, shown: step });
  const [element, setElement] = useState<Element | null>(null);
  const shown = Math.min(total, state.key === key ? state.shown : step);
  useEffect(() => {
    if (element === null || shown >= total) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setState({ key, shown: shown + step });
      },
      { rootMargin: '1500px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [element, key, shown, total]);
  return { shown, end: setElement };
}
