package races

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	fingerprintBytes = 256
	readBytes        = 64 << 10
	maxState         = 4 << 20
)

// Tailer follows the files that GORACE=log_path=PREFIX makes, PREFIX.PID, and sends their reports. How far it has come is
// in a file, so that a restart goes on where the collector's last acknowledgement was.
type Tailer struct {
	Prefix    string // as in GORACE
	StateFile string // empty: every start begins at the files' beginnings, which the collector knows
	Source    Source // Instance empty: HOST-PID, as the agent names itself
	Host      string
	// GiveUpAfter is when a report without its end is sent as it is: its process died while it wrote.
	GiveUpAfter time.Duration
	Post        func(ctx context.Context, source Source, text []byte) error
	Log         *slog.Logger

	files map[string]*tailed
}

// tailed is one file.
type tailed struct {
	Offset int64  `json:"offset"` // all before is sent
	Sum    uint32 `json:"sum"`    // of the first Summed bytes: another file of the same name has others
	Summed int64  `json:"summed"`

	file    *os.File
	changed time.Time
}

// Run looks every interval until ctx is done.
func (t *Tailer) Run(ctx context.Context, interval time.Duration) error {
	if err := t.load(); err != nil {
		return err
	}
	defer t.close()
	for {
		if err := t.Look(ctx, time.Now()); err != nil && ctx.Err() == nil {
			t.Log.Warn("unpark-races", "error", err)
		}
		select {
		case <-time.After(interval):
		case <-ctx.Done():
			return nil
		}
	}
}

// Look sends what is new in all files.
func (t *Tailer) Look(ctx context.Context, now time.Time) error {
	if t.files == nil {
		if err := t.load(); err != nil {
			return err
		}
	}
	names, err := filepath.Glob(escapeGlob(t.Prefix) + ".*")
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, name := range names {
		if t.pid(name) == "" {
			continue // somebody else's, such as our own state file
		}
		seen[name] = true
		if t.files[name] == nil {
			t.files[name] = &tailed{changed: now}
		}
	}
	for _, name := range t.names() {
		f := t.files[name]
		if f.file == nil && !seen[name] {
			delete(t.files, name)
			continue
		}
		err = errors.Join(err, t.follow(ctx, name, f, now))
	}
	return err
}

func (t *Tailer) names() []string {
	names := make([]string, 0, len(t.files))
	for name := range t.files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// follow reads on in a file to its end; then, if its name belongs to another file meanwhile, in that one next time.
func (t *Tailer) follow(ctx context.Context, name string, f *tailed, now time.Time) error {
	if f.file == nil {
		if err := f.open(name); err != nil {
			return ignoreAbsent(err)
		}
		f.changed = now
	}
	if err := t.read(ctx, name, f, now); err != nil {
		return err
	}
	current, err := os.Stat(name)
	mine, mineErr := f.file.Stat()
	if err != nil || mineErr != nil || !os.SameFile(current, mine) { // moved away or deleted, and read to its end
		f.file.Close()
		*f = tailed{changed: now}
		return ignoreAbsent(err)
	}
	if current.Size() < f.Offset { // cut off and begun anew
		f.Offset, f.Summed, f.Sum = 0, 0, 0
	}
	return nil
}

// open checks that the file is the one of which the state tells.
func (f *tailed) open(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	sum, n := fingerprint(file, f.Summed)
	if n < f.Summed || sum != f.Sum {
		f.Offset, f.Summed, f.Sum = 0, 0, 0
	}
	f.file = file
	return nil
}

func (t *Tailer) read(ctx context.Context, name string, f *tailed, now time.Time) error {
	var reports []byte
	scanner := &Scanner{Report: func(text []byte) { reports = append(reports, text...) }}
	buffer := make([]byte, readBytes)
	at := f.Offset
	for {
		n, err := f.file.ReadAt(buffer, at)
		_, _ = scanner.Write(buffer[:n])
		at += int64(n)
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended {
			return err
		}
		if at-scanner.Pending() > f.Offset {
			f.changed = now
		}
		if ended && scanner.Pending() > 0 && now.Sub(f.changed) > t.GiveUpAfter {
			scanner.Flush()
		}
		if len(reports) > 0 || ended {
			if err := t.advance(ctx, name, f, reports, at-scanner.Pending()); err != nil {
				return err
			}
			reports = nil
		}
		if ended {
			return nil
		}
	}
}

// advance sends, then remembers: what is sent twice after a crash counts once.
func (t *Tailer) advance(ctx context.Context, name string, f *tailed, reports []byte, offset int64) error {
	if offset == f.Offset {
		return nil
	}
	if len(reports) > 0 {
		source := t.Source
		if source.Instance == "" {
			source.Instance = t.Host + "-" + t.pid(name)
		}
		err := t.Post(ctx, source, reports)
		if err != nil && !errors.Is(err, ErrRefused) {
			return err
		}
		if err != nil {
			t.Log.Warn("unpark-races: left out", "file", name, "error", err)
		}
	}
	f.Offset = offset
	f.Sum, f.Summed = fingerprint(f.file, min(offset, fingerprintBytes))
	return t.save()
}

// pid is the process that wrote a file, also once a log rotation has appended something: PREFIX.PID or PREFIX.PID.x.
func (t *Tailer) pid(name string) string {
	pid, _, _ := strings.Cut(strings.TrimPrefix(name, t.Prefix+"."), ".")
	if pid == "" || strings.Trim(pid, "0123456789") != "" {
		return ""
	}
	return pid
}

func (t *Tailer) load() error {
	t.files = map[string]*tailed{}
	if t.StateFile == "" {
		return nil
	}
	file, err := os.Open(t.StateFile)
	if err != nil {
		return ignoreAbsent(err)
	}
	defer file.Close()
	if err := json.NewDecoder(io.LimitReader(file, maxState)).Decode(&t.files); err != nil {
		t.Log.Warn("unpark-races: the state is unreadable, so all files are read again", "file", t.StateFile, "error", err)
		t.files = map[string]*tailed{}
	}
	for name, f := range t.files {
		if f == nil || f.Offset < 0 || f.Summed < 0 || f.Summed > fingerprintBytes {
			delete(t.files, name)
		}
	}
	return nil
}

func (t *Tailer) save() error {
	if t.StateFile == "" {
		return nil
	}
	content, err := json.Marshal(t.files)
	if err != nil {
		return err
	}
	part := t.StateFile + ".part"
	if err := os.WriteFile(part, content, 0o600); err != nil {
		return fmt.Errorf("state: %w", err)
	}
	return os.Rename(part, t.StateFile)
}

func (t *Tailer) close() {
	for _, f := range t.files {
		if f.file != nil {
			f.file.Close()
			f.file = nil
		}
	}
}

func fingerprint(file *os.File, length int64) (sum uint32, n int64) {
	b := make([]byte, length)
	read, _ := file.ReadAt(b, 0)
	return crc32.ChecksumIEEE(b[:read]), int64(read)
}

func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

func ignoreAbsent(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
