// A peer in Go: RTCPeerConnections of Pion, told what to do by lines of JSON.
//
// Each line that comes in is a call, each that goes out its outcome or an event; README.md has the protocol. The process
// belongs to one page, and ends with its input.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/pion/webrtc/v4"
)

type call struct {
	ID         int             `json:"id"`
	Connection int             `json:"connection"`
	Channel    int             `json:"channel"`
	Method     string          `json:"method"`
	Argument   json.RawMessage `json:"argument"`
}

type failure struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// A line that goes out: an outcome has an id, an event has a name.
type line struct {
	ID         int      `json:"id,omitempty"`
	Connection int      `json:"connection,omitempty"`
	Channel    int      `json:"channel,omitempty"`
	Event      string   `json:"event,omitempty"`
	Value      any      `json:"value"`
	Error      *failure `json:"error,omitempty"`
}

var out struct {
	sync.Mutex
	encoder *json.Encoder
}

func say(said line) {
	out.Lock()
	defer out.Unlock()
	if err := out.encoder.Encode(said); err != nil {
		os.Exit(1) // the page is gone
	}
}

type description struct {
	Type string `json:"type"`
	SDP  string `json:"sdp"`
}

func (d description) parsed() (webrtc.SessionDescription, error) {
	kind := webrtc.NewSDPType(d.Type)
	if kind == webrtc.SDPTypeUnknown {
		return webrtc.SessionDescription{}, fmt.Errorf("there is no type %q of descriptions", d.Type)
	}
	return webrtc.SessionDescription{Type: kind, SDP: d.SDP}, nil
}

func described(d *webrtc.SessionDescription) *description {
	if d == nil {
		return nil
	}
	return &description{Type: d.Type.String(), SDP: d.SDP}
}

// What a connection has agreed on, as the page mirrors it.
type agreed struct {
	SignalingState string       `json:"signalingState"`
	CurrentLocal   *description `json:"currentLocalDescription"`
	PendingLocal   *description `json:"pendingLocalDescription"`
	CurrentRemote  *description `json:"currentRemoteDescription"`
	PendingRemote  *description `json:"pendingRemoteDescription"`
}

func agreedOf(pc *webrtc.PeerConnection) agreed {
	return agreed{
		SignalingState: pc.SignalingState().String(),
		CurrentLocal:   described(pc.CurrentLocalDescription()),
		PendingLocal:   described(pc.PendingLocalDescription()),
		CurrentRemote:  described(pc.CurrentRemoteDescription()),
		PendingRemote:  described(pc.PendingRemoteDescription()),
	}
}

// A candidate, null at the end, and the descriptions that have it.
type gathered struct {
	Candidate *webrtc.ICECandidateInit `json:"candidate"`
	Current   *description             `json:"currentLocalDescription"`
	Pending   *description             `json:"pendingLocalDescription"`
}

type channelInit struct {
	Label             string  `json:"label"`
	Ordered           *bool   `json:"ordered"`
	MaxPacketLifeTime *uint16 `json:"maxPacketLifeTime"`
	MaxRetransmits    *uint16 `json:"maxRetransmits"`
	Protocol          *string `json:"protocol"`
	Negotiated        *bool   `json:"negotiated"`
	ID                *uint16 `json:"id"`
}

func initOf(dc *webrtc.DataChannel) channelInit {
	ordered, protocol, negotiated := dc.Ordered(), dc.Protocol(), dc.Negotiated()
	return channelInit{
		Label:             dc.Label(),
		Ordered:           &ordered,
		MaxPacketLifeTime: dc.MaxPacketLifeTime(),
		MaxRetransmits:    dc.MaxRetransmits(),
		Protocol:          &protocol,
		Negotiated:        &negotiated,
		ID:                dc.ID(),
	}
}

type message struct {
	Text   *string `json:"text,omitempty"`
	Base64 *string `json:"base64,omitempty"`
}

func (m message) send(dc *webrtc.DataChannel) error {
	if m.Text != nil {
		return dc.SendText(*m.Text)
	}
	if m.Base64 == nil {
		return errors.New("there is neither text nor base64")
	}
	data, err := base64.StdEncoding.DecodeString(*m.Base64)
	if err != nil {
		return err
	}
	return dc.Send(data)
}

// One RTCPeerConnection of the page. Its calls are carried out one after another.
type connection struct {
	number int
	pc     *webrtc.PeerConnection
	calls  chan call

	mutex    sync.Mutex
	channels map[int]*webrtc.DataChannel
	// The page numbers the channels that it makes from 1; those that come from the other side are numbered from -1 down.
	foreign int
}

func open(number int, argument json.RawMessage) (*connection, error) {
	var configuration webrtc.Configuration
	if err := json.Unmarshal(argument, &configuration); err != nil {
		return nil, err
	}
	pc, err := webrtc.NewPeerConnection(configuration)
	if err != nil {
		return nil, err
	}
	c := &connection{number: number, pc: pc, calls: make(chan call, 1024), channels: map[int]*webrtc.DataChannel{}}
	tell := func(event string, value any) { say(line{Connection: number, Event: event, Value: value}) }
	pc.OnNegotiationNeeded(func() { tell("negotiationneeded", nil) })
	pc.OnICEGatheringStateChange(func(state webrtc.ICEGatheringState) { tell("icegatheringstatechange", state.String()) })
	pc.OnICEConnectionStateChange(func(state webrtc.ICEConnectionState) { tell("iceconnectionstatechange", state.String()) })
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) { tell("connectionstatechange", state.String()) })
	pc.OnICECandidate(func(candidate *webrtc.ICECandidate) {
		told := gathered{Current: described(pc.CurrentLocalDescription()), Pending: described(pc.PendingLocalDescription())}
		if candidate != nil {
			init := candidate.ToJSON()
			told.Candidate = &init
		}
		tell("icecandidate", told)
	})
	pc.OnDataChannel(func(dc *webrtc.DataChannel) {
		c.mutex.Lock()
		c.foreign--
		n := c.foreign
		c.mutex.Unlock()
		say(line{Connection: number, Channel: n, Event: "datachannel", Value: initOf(dc)})
		c.adopt(n, dc)
	})
	go c.work()
	return c, nil
}

func (c *connection) adopt(n int, dc *webrtc.DataChannel) {
	c.mutex.Lock()
	c.channels[n] = dc
	c.mutex.Unlock()
	tell := func(event string, value any) { say(line{Connection: c.number, Channel: n, Event: event, Value: value}) }
	// Pion calls each handler by itself: a message may be handed on ahead of OnOpen
	opened := sync.OnceFunc(func() { tell("open", dc.ID()) })
	dc.OnOpen(opened)
	dc.OnClose(func() { tell("close", nil) })
	dc.OnError(func(err error) { tell("error", err.Error()) })
	dc.OnMessage(func(came webrtc.DataChannelMessage) {
		opened()
		if came.IsString {
			text := string(came.Data)
			tell("message", message{Text: &text})
			return
		}
		encoded := base64.StdEncoding.EncodeToString(came.Data)
		tell("message", message{Base64: &encoded})
	})
}

func (c *connection) work() {
	for asked := range c.calls {
		value, err := c.carryOut(asked)
		say(line{ID: asked.ID, Value: value, Error: failureOf(err)})
	}
}

// The name of a DOMException is the name of Pion's type for it.
func failureOf(err error) *failure {
	if err == nil {
		return nil
	}
	name := "OperationError"
	for each := err; each != nil; each = errors.Unwrap(each) {
		if own, found := strings.CutPrefix(fmt.Sprintf("%T", each), "*rtcerr."); found {
			name = own
			break
		}
	}
	return &failure{Name: name, Message: err.Error()}
}

func (c *connection) carryOut(asked call) (any, error) {
	if asked.Channel != 0 {
		return c.ofChannel(asked)
	}
	switch asked.Method {
	case "createOffer":
		var options webrtc.OfferOptions
		if err := json.Unmarshal(asked.Argument, &options); err != nil {
			return nil, err
		}
		made, err := c.pc.CreateOffer(&options)
		return described(&made), err
	case "createAnswer":
		made, err := c.pc.CreateAnswer(nil)
		return described(&made), err
	case "setLocalDescription", "setRemoteDescription":
		var given description
		if err := json.Unmarshal(asked.Argument, &given); err != nil {
			return nil, err
		}
		parsed, err := given.parsed()
		if err != nil {
			return nil, err
		}
		set := c.pc.SetLocalDescription
		if asked.Method == "setRemoteDescription" {
			set = c.pc.SetRemoteDescription
		}
		if err := set(parsed); err != nil {
			return nil, err
		}
		return agreedOf(c.pc), nil
	case "addIceCandidate":
		var candidate webrtc.ICECandidateInit
		if err := json.Unmarshal(asked.Argument, &candidate); err != nil {
			return nil, err
		}
		return nil, c.pc.AddICECandidate(candidate)
	case "getStats":
		return c.pc.GetStats(), nil
	case "close":
		return nil, c.pc.Close()
	}
	return nil, fmt.Errorf("there is no call %q", asked.Method)
}

func (c *connection) ofChannel(asked call) (any, error) {
	if asked.Method == "createDataChannel" {
		var init channelInit
		if err := json.Unmarshal(asked.Argument, &init); err != nil {
			return nil, err
		}
		dc, err := c.pc.CreateDataChannel(init.Label, &webrtc.DataChannelInit{
			Ordered:           init.Ordered,
			MaxPacketLifeTime: init.MaxPacketLifeTime,
			MaxRetransmits:    init.MaxRetransmits,
			Protocol:          init.Protocol,
			Negotiated:        init.Negotiated,
			ID:                init.ID,
		})
		if err != nil {
			return nil, err
		}
		c.adopt(asked.Channel, dc)
		return nil, nil
	}
	c.mutex.Lock()
	dc := c.channels[asked.Channel]
	c.mutex.Unlock()
	if dc == nil {
		return nil, fmt.Errorf("there is no channel %d", asked.Channel)
	}
	switch asked.Method {
	case "send":
		var given message
		if err := json.Unmarshal(asked.Argument, &given); err != nil {
			return nil, err
		}
		if err := given.send(dc); err != nil {
			return nil, err
		}
		return dc.BufferedAmount(), nil
	case "bufferedAmount":
		return dc.BufferedAmount(), nil
	case "close":
		return nil, dc.Close()
	}
	return nil, fmt.Errorf("there is no call %q of channels", asked.Method)
}

func main() {
	out.encoder = json.NewEncoder(os.Stdout)
	connections := map[int]*connection{}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		text, err := in.ReadBytes('\n')
		if err != nil {
			return // the page is gone
		}
		var asked call
		if err := json.Unmarshal(text, &asked); err != nil {
			fmt.Fprintf(os.Stderr, "a line that is no call: %v\n", err)
			os.Exit(2)
		}
		if asked.Method == "open" {
			made, err := open(asked.Connection, asked.Argument)
			if err == nil {
				connections[asked.Connection] = made
			}
			say(line{ID: asked.ID, Error: failureOf(err)})
			continue
		}
		if to := connections[asked.Connection]; to != nil {
			to.calls <- asked
		} else {
			say(line{ID: asked.ID, Error: &failure{Name: "InvalidStateError", Message: "there is no such connection"}})
		}
	}
}
