package unpark

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// What [Config.Redact] is asked about.
const (
	RedactTask     = "task"     // the type of a task; OpenTelemetry writes the span's name there
	RedactRegion   = "region"   // the type of a region
	RedactCategory = "category" // the category of a log
	RedactLog      = "log"      // the message of a log; key is its category
)

// More facts of the wire format, Go 1.22 to 1.26 (internal/trace/tracev2/events.go): what a batch of each kind begins
// with, how many numbers follow each event, and which of these are ids of strings.
const (
	evStacks          = 2
	evStack           = 3
	evStrings         = 4
	evString          = 5
	evCPUSamples      = 6
	evFrequency       = 8
	evGoStop          = 19
	evGoBlock         = 20
	evSTWBegin        = 26
	evGoLabel         = 39
	evUserTaskBegin   = 40
	evUserRegionBegin = 42
	evUserRegionEnd   = 43
	evUserLog         = 44
	evSync            = 50
	firstEvent        = 9
	firstExperimental = 128
	maxStringBytes    = 1 << 10
)

var (
	eventArgs        = []byte{3, 3, 1, 4, 3, 4, 2, 3, 1, 1, 3, 3, 4, 3, 1, 1, 4, 3, 1, 2, 3, 2, 2, 2, 3, 2, 2, 1, 2, 2, 2, 5, 3, 4, 4, 5, 3, 3, 4, 5}
	experimentalArgs = []byte{4, 4, 3, 3, 3, 3, 3, 3, 3}
)

var errRedact = errors.New("unpark: cannot redact, so it does not leave")

// redactor rewrites the strings of generations. The runtime keeps all strings of a generation in one table, each once,
// so whose a string is shows only from the events that use it.
type redactor struct {
	replace func(kind, key, value string) string
}

// use is one place where a string stands for something of the user's.
type use struct {
	kind string
	key  uint64 // id of the category, for messages
}

// tables is what must be known of a generation before its strings can be rewritten.
type tables struct {
	text     map[uint64]string
	runtimes map[uint64]bool // names of functions and files, reasons: the program's own text, whoever else uses it
	uses     map[uint64]map[use]bool
}

func (r redactor) generation(data []byte) ([]byte, error) {
	t := &tables{text: map[uint64]string{}, runtimes: map[uint64]bool{}, uses: map[uint64]map[use]bool{}}
	if err := eachBatch(data, func(_, _, body []byte) error { return t.read(body) }); err != nil {
		return nil, fmt.Errorf("%w: %w", errRedact, err)
	}
	replaced := r.decide(t)
	if len(replaced) == 0 {
		return data, nil
	}
	out := make([]byte, 0, len(data))
	err := eachBatch(data, func(whole, head, body []byte) error {
		if len(body) == 0 || body[0] != evStrings || len(head) == 0 {
			out = append(out, whole...)
			return nil
		}
		out = appendStrings(out, head, body, replaced)
		return nil
	})
	return out, err
}

// decide asks about each string that events of the user's refer to. Our own annotations are exempt: their values went
// through WithRedact.
func (r redactor) decide(t *tables) map[uint64]string {
	replaced := map[uint64]string{}
	for id, uses := range t.uses {
		value, known := t.text[id]
		if !known || t.runtimes[id] || t.ours(value, uses) {
			continue
		}
		for u := range uses {
			if text := r.replace(u.kind, t.text[u.key], value); text != value {
				replaced[id] = cut(text, maxStringBytes)
				break
			}
		}
	}
	return replaced
}

func (t *tables) ours(value string, uses map[use]bool) bool {
	const prefix = "unpark."
	for u := range uses {
		switch u.kind {
		case RedactLog:
			if strings.HasPrefix(t.text[u.key], prefix) {
				return true
			}
		default:
			if strings.HasPrefix(value, prefix) {
				return true
			}
		}
	}
	return false
}

func (t *tables) read(body []byte) error {
	if len(body) == 0 {
		return nil
	}
	switch body[0] {
	case evStrings:
		return eachString(body, func(id uint64, text []byte) { t.text[id] = string(text) })
	case evStacks:
		return t.readStacks(body[1:])
	case evCPUSamples, evFrequency, evSync:
		return nil
	default:
		return t.readEvents(body)
	}
}

func (t *tables) readStacks(b []byte) error {
	for len(b) > 0 {
		if b[0] != evStack {
			return errors.New("no stack where one was expected")
		}
		var fields [4]uint64
		var err error
		if b, err = uvarints(b[1:], fields[:2]); err != nil {
			return err
		}
		for frames := fields[1]; frames > 0; frames-- {
			if b, err = uvarints(b, fields[:]); err != nil {
				return err
			}
			t.runtimes[fields[1]], t.runtimes[fields[2]] = true, true
		}
	}
	return nil
}

func (t *tables) readEvents(b []byte) error {
	var fields [5]uint64
	for len(b) > 0 {
		event := b[0]
		count, err := argsOf(event)
		if err != nil {
			return err
		}
		if b, err = uvarints(b[1:], fields[:count]); err != nil {
			return err
		}
		switch event {
		case evGoStop, evGoBlock, evSTWBegin, evGoLabel:
			t.runtimes[fields[1]] = true
		case evUserTaskBegin:
			t.used(fields[3], use{kind: RedactTask})
		case evUserRegionBegin, evUserRegionEnd:
			t.used(fields[2], use{kind: RedactRegion})
		case evUserLog:
			t.used(fields[2], use{kind: RedactCategory})
			t.used(fields[3], use{RedactLog, fields[2]})
		}
	}
	return nil
}

func (t *tables) used(id uint64, u use) {
	uses := t.uses[id]
	if uses == nil {
		uses = map[use]bool{}
		t.uses[id] = uses
	}
	uses[u] = true
}

func argsOf(event byte) (int, error) {
	if i := int(event) - firstEvent; i >= 0 && i < len(eventArgs) {
		return int(eventArgs[i]), nil
	}
	if i := int(event) - firstExperimental; i >= 0 && i < len(experimentalArgs) {
		return int(experimentalArgs[i]), nil
	}
	return 0, fmt.Errorf("event type %d is not known", event)
}

func uvarints(b []byte, into []uint64) ([]byte, error) {
	for i := range into {
		value, n := binary.Uvarint(b)
		if n <= 0 {
			return nil, errors.New("a number is cut or too long")
		}
		into[i], b = value, b[n:]
	}
	return b, nil
}

// eachBatch goes through a generation's batches. head is the frame up to the size, nil where there is no body to look at
// (experiments, the closing byte).
func eachBatch(data []byte, visit func(whole, head, body []byte) error) error {
	for len(data) > 0 {
		length, head, body := 1, []byte(nil), []byte(nil)
		if data[0] != evEndOfGeneration {
			_, n, err := batchFrame(data)
			if err != nil {
				return err
			}
			if n > len(data) {
				return errIncomplete
			}
			length = n
			if data[0] == evEventBatch {
				var fields [3]uint64
				rest, _ := uvarints(data[1:], fields[:])
				head = data[:len(data)-len(rest)]
				var size [1]uint64
				rest, _ = uvarints(rest, size[:])
				body = rest[:size[0]]
			}
		}
		if err := visit(data[:length], head, body); err != nil {
			return err
		}
		data = data[length:]
	}
	return nil
}

func eachString(body []byte, visit func(id uint64, text []byte)) error {
	for b := body[1:]; len(b) > 0; {
		if b[0] != evString {
			return errors.New("no string where one was expected")
		}
		var fields [2]uint64
		rest, err := uvarints(b[1:], fields[:])
		if err != nil {
			return err
		}
		if fields[1] > uint64(len(rest)) {
			return errors.New("a string is cut")
		}
		visit(fields[0], rest[:fields[1]])
		b = rest[fields[1]:]
	}
	return nil
}

// appendStrings writes a batch of strings anew, as several if it has grown beyond what a batch may hold.
func appendStrings(out, head, body []byte, replaced map[uint64]string) []byte {
	section := []byte{evStrings}
	flush := func() {
		out = append(out, head...)
		out = binary.AppendUvarint(out, uint64(len(section)))
		out = append(out, section...)
		section = section[:1]
	}
	_ = eachString(body, func(id uint64, text []byte) { // it was read before without an error
		if other, ok := replaced[id]; ok {
			text = []byte(other)
		}
		if len(section)+len(text)+2*binary.MaxVarintLen64 > maxBatchBytes-64 {
			flush()
		}
		section = append(section, evString)
		section = binary.AppendUvarint(section, id)
		section = binary.AppendUvarint(section, uint64(len(text)))
		section = append(section, text...)
	})
	if len(section) > 1 {
		flush()
	}
	return out
}
