package unpark

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	spoolSuffix  = ".unpark"
	spoolPart    = ".part"
	maxSpoolMeta = 8 << 10
	maxSpoolFile = 64 << 20
	spoolPartAge = 24 * time.Hour
)

// letter is what one request to the collector carries, packed.
type letter struct {
	Query    string `json:"query"` // says whose trace it is: a later process ships what this one left
	Capture  string `json:"capture"`
	Sequence uint64 `json:"sequence"`
	Reason   string `json:"reason,omitempty"`
	Command  string `json:"command,omitempty"`
	Sum      uint32 `json:"crc32"` // of body

	body        []byte
	generations int
	bytes       int // of trace, not packed
}

// spool keeps letters in a folder, oldest first, while the collector is away. A file gets its name when it is whole and on
// the disk; its name tells what is in it. Used by one goroutine. Another process in the same folder does no harm: a
// letter sent twice has effect once.
type spool struct {
	dir     string
	limit   int64
	dropped func(generations, bytes int)

	files []spoolFile
	size  int64
}

type spoolFile struct {
	name               string
	size               int64
	generations, bytes int
}

func openSpool(dir string, limit int64, dropped func(generations, bytes int)) (*spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("unpark: Config.SpoolDir: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("unpark: Config.SpoolDir: %w", err)
	}
	s := &spool{dir: dir, limit: limit, dropped: dropped}
	for _, entry := range entries { // by name, which is by age
		info, err := entry.Info()
		if err != nil {
			continue // gone meanwhile
		}
		if strings.HasSuffix(entry.Name(), spoolPart) && time.Since(info.ModTime()) > spoolPartAge {
			_ = os.Remove(filepath.Join(dir, entry.Name())) // what a crash has left
		}
		var at, unique int64
		f := spoolFile{name: entry.Name(), size: info.Size()}
		n, err := fmt.Sscanf(f.name, "%d-%x-%d-%d"+spoolSuffix, &at, &unique, &f.generations, &f.bytes)
		if n == 4 && err == nil && info.Mode().IsRegular() {
			s.files = append(s.files, f)
			s.size += f.size
		}
	}
	s.shrink()
	return s, nil
}

func (s *spool) empty() bool { return len(s.files) == 0 }

// put keeps a letter and lets the oldest go where there is no room.
func (s *spool) put(l letter, now time.Time) error {
	l.Sum = crc32.ChecksumIEEE(l.body)
	meta, err := json.Marshal(l)
	if err != nil {
		return err
	}
	content := append(append(meta, '\n'), l.body...)
	f := spoolFile{
		name:        fmt.Sprintf("%019d-%08x-%d-%d%s", now.UnixNano(), rand.Uint32(), l.generations, l.bytes, spoolSuffix),
		size:        int64(len(content)),
		generations: l.generations,
		bytes:       l.bytes,
	}
	if f.size > min(s.limit, maxSpoolFile) {
		return fmt.Errorf("unpark: %d bytes are more than the spool may hold", f.size)
	}
	if err := writeWhole(filepath.Join(s.dir, f.name), content); err != nil {
		return err
	}
	s.files = append(s.files, f)
	s.size += f.size
	s.shrink()
	return nil
}

func (s *spool) shrink() {
	for s.size > s.limit && len(s.files) > 0 {
		s.dropped(s.files[0].generations, s.files[0].bytes)
		s.removeOldest()
	}
}

func (s *spool) removeOldest() {
	_ = os.Remove(filepath.Join(s.dir, s.files[0].name))
	s.size -= s.files[0].size
	s.files = slices.Delete(s.files, 0, 1)
}

// oldest reads the oldest letter. What cannot be read is dropped and counted, and the next one is taken.
func (s *spool) oldest() (letter, bool) {
	for len(s.files) > 0 {
		l, err := s.read(s.files[0])
		if err == nil {
			return l, true
		}
		if !errors.Is(err, os.ErrNotExist) { // else somebody else has shipped it
			s.dropped(s.files[0].generations, s.files[0].bytes)
		}
		s.removeOldest()
	}
	return letter{}, false
}

func (s *spool) read(f spoolFile) (letter, error) {
	file, err := os.Open(filepath.Join(s.dir, f.name))
	if err != nil {
		return letter{}, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxSpoolFile+1))
	if err != nil {
		return letter{}, err
	}
	end := bytes.IndexByte(content[:min(len(content), maxSpoolMeta)], '\n')
	if end < 0 || len(content) > maxSpoolFile {
		return letter{}, errors.New("unpark: a spool file without its first line")
	}
	var l letter
	if err := json.Unmarshal(content[:end], &l); err != nil {
		return letter{}, err
	}
	l.body, l.generations, l.bytes = content[end+1:], f.generations, f.bytes
	if crc32.ChecksumIEEE(l.body) != l.Sum {
		return letter{}, errors.New("unpark: a spool file is broken")
	}
	return l, nil
}

// writeWhole makes a file that is there with all its content or not at all, whatever crashes.
func writeWhole(name string, content []byte) error {
	part := name + spoolPart
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(part, name)
	}
	if err != nil {
		_ = os.Remove(part)
	}
	return err
}
