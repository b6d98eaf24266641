package unparkkafka

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
)

// chunkSchema is schemas/src/main/avro/TraceChunk.avsc with the type Instance in its place; a test compares them.
//
//go:embed trace-chunk.avsc
var chunkSchema string

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// clockErrorUnknown: how long a generation waited to be sent is not known here.
const clockErrorUnknown = -1

// chunk is the record TraceChunk.
type chunk struct {
	namespace, service, instance, version string

	goMinor        int
	capture        string
	sequence       int64
	generation     int64
	part, parts    int
	sum            int32 // CRC-32C
	capturedUnixNs int64
	bytes          []byte
}

// encode writes the wire format: a zero, the schema's id, and the fields in the schema's order, in Avro's binary form.
func (c chunk) encode(schemaID int32) []byte {
	b := make([]byte, 5, len(c.bytes)+512)
	binary.BigEndian.PutUint32(b[1:], uint32(schemaID))
	text := func(s string) {
		b = binary.AppendVarint(b, int64(len(s)))
		b = append(b, s...)
	}
	text(c.namespace)
	text(c.service)
	text(c.instance)
	text(c.version)
	b = binary.AppendVarint(b, int64(c.goMinor)) // zigzag, as Avro's int and long are
	text(c.capture)
	b = binary.AppendVarint(b, c.sequence)
	b = binary.AppendVarint(b, c.generation)
	b = binary.AppendVarint(b, int64(c.part))
	b = binary.AppendVarint(b, int64(c.parts))
	b = binary.AppendVarint(b, int64(c.sum))
	b = binary.AppendVarint(b, c.capturedUnixNs)
	b = binary.AppendVarint(b, clockErrorUnknown)
	b = append(b, 0) // more of the capture may come
	b = binary.AppendVarint(b, int64(len(c.bytes)))
	return append(b, c.bytes...)
}

// goMinor reads the 26 of "go 1.26 trace".
func goMinor(header []byte) (int, error) {
	text := strings.TrimRight(string(header), "\x00")
	version, ok := strings.CutPrefix(text, "go 1.")
	version, isTrace := strings.CutSuffix(version, " trace")
	minor, err := strconv.Atoi(version)
	if !ok || !isTrace || err != nil {
		return 0, fmt.Errorf("unpark: %q is not the header of a trace", text)
	}
	return minor, nil
}

// generationNumber reads the frame of the first batch.
func generationNumber(data []byte) (int64, error) {
	const eventBatch, experimentalBatch = 1, 49
	at := 1
	if len(data) > 0 && data[0] == experimentalBatch {
		at = 2
	} else if len(data) == 0 || data[0] != eventBatch {
		return 0, errors.New("unpark: a generation without a batch")
	}
	number, n := binary.Uvarint(data[min(at, len(data)):])
	if n <= 0 || number > 1<<62 {
		return 0, errors.New("unpark: a batch without a generation's number")
	}
	return int64(number), nil
}
