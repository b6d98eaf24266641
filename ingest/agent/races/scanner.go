// Package races finds the reports of Go's race detector in what a program writes, and sends them to an Unpark collector.
package races

import "bytes"

const (
	maxLine         = 64 << 10
	maxReport       = 256 << 10
	headerWithinOf  = 20 // lines after the separator; others may write between the detector's lines
	separatorString = "=================="
	headerString    = "WARNING: DATA RACE"
)

var separator, header = []byte(separatorString), []byte(headerString)

// Scanner cuts reports out of a stream, whatever stands between and around them. The collector does the parsing; here
// only their ends matter. A report that grows too long is given out as far as it has come.
type Scanner struct {
	// Report gets each report, its separators included. It may keep the text.
	Report func(text []byte)

	line    []byte // not yet ended
	open    []byte // lines since the separator that began the report
	lines   int    // in open
	headed  bool   // the header was among them
	pending int64  // bytes read that are not decided upon
}

// Write never fails.
func (s *Scanner) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n')
		piece := p
		if end >= 0 {
			piece = p[:end+1]
		}
		s.pending += int64(len(piece))
		s.line = append(s.line, piece[:min(len(piece), max(0, maxLine-len(s.line)))]...)
		if end >= 0 {
			s.endLine()
		}
		p = p[len(piece):]
	}
	return n, nil
}

// Pending is how many of the last bytes may belong to a report that is not complete.
func (s *Scanner) Pending() int64 { return s.pending }

// Flush gives out a report that will not get its end any more.
func (s *Scanner) Flush() {
	if len(s.line) > 0 {
		s.endLine()
	}
	if s.headed {
		s.Report(s.open)
	}
	s.reset()
}

func (s *Scanner) endLine() {
	line := s.line
	s.line = nil
	inside := s.open != nil
	switch {
	case bytes.Contains(line, separator) && s.headed:
		s.Report(append(s.open, line...))
		s.reset()
	case bytes.Contains(line, separator):
		s.reset()
		s.open, s.pending = line, int64(len(line))
	case !inside:
		s.reset()
	default:
		s.open = append(s.open, line...)
		s.lines++
		s.headed = s.headed || bytes.Contains(line, header)
		if !s.headed && s.lines > headerWithinOf {
			s.reset()
		} else if len(s.open) > maxReport {
			s.Flush()
		}
	}
}

func (s *Scanner) reset() { s.open, s.lines, s.headed, s.pending = nil, 0, false, 0 }
