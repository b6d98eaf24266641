package races

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// folder is a log folder and what a collector got from it.
type folder struct {
	t      *testing.T
	prefix string
	sent   []string
	from   []string
	fail   error
	now    time.Time
}

func newFolder(t *testing.T) *folder {
	return &folder{t: t, prefix: filepath.Join(t.TempDir(), "ra[c]e"), now: time.Unix(1_700_000_000, 0)}
}

func (f *folder) tailer() *Tailer {
	tailer := &Tailer{
		Prefix: f.prefix, StateFile: f.prefix + ".unpark", Source: Source{Service: "s"}, Host: "h", GiveUpAfter: time.Minute,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Post: func(_ context.Context, source Source, text []byte) error {
			if f.fail == nil {
				f.sent = append(f.sent, string(text))
				f.from = append(f.from, source.Instance)
			}
			return f.fail
		},
	}
	f.t.Cleanup(tailer.close)
	return tailer
}

func (f *folder) write(name, text string) {
	f.t.Helper()
	file, err := os.OpenFile(f.prefix+name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = file.WriteString(text)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *folder) look(t *Tailer) {
	f.t.Helper()
	if err := t.Look(context.Background(), f.now); err != nil {
		f.t.Fatal(err)
	}
}

func (f *folder) wantSent(want ...string) {
	f.t.Helper()
	if strings.Join(f.sent, "") != strings.Join(want, "") {
		f.t.Fatalf("sent %q, want %q", f.sent, want)
	}
}

func TestAPartialReportWaitsForItsEnd(t *testing.T) {
	f := newFolder(t)
	tailer := f.tailer()
	f.write(".41", report(1)+report(2)[:70])
	f.look(tailer)
	f.wantSent(report(1))

	f.write(".41", report(2)[70:])
	f.look(tailer)

	f.wantSent(report(1), report(2))
	if f.from[0] != "h-41" {
		t.Errorf("from %v", f.from)
	}
}

func TestAReportWhoseProcessDiedIsSentAsItIs(t *testing.T) {
	f := newFolder(t)
	tailer := f.tailer()
	f.write(".41", report(1)[:80])
	f.look(tailer)
	f.wantSent()

	f.now = f.now.Add(2 * time.Minute)
	f.look(tailer)
	f.look(tailer)

	f.wantSent(report(1)[:80])
}

func TestARestartGoesOnWhereTheCollectorWas(t *testing.T) {
	f := newFolder(t)
	f.write(".41", report(1)+report(2)[:70])
	f.look(f.tailer())
	f.write(".41", report(2)[70:])
	f.write(".42", report(3))

	f.look(f.tailer()) // another process, with the state of the first

	f.wantSent(report(1), report(2), report(3))
}

func TestWhatTheCollectorDidNotTakeComesAgain(t *testing.T) {
	f := newFolder(t)
	tailer := f.tailer()
	f.write(".41", report(1))
	f.fail = errors.New("away")
	if err := tailer.Look(context.Background(), f.now); err == nil {
		t.Fatal("no error")
	}

	f.fail = nil
	f.look(tailer)

	f.wantSent(report(1))
}

func TestWhatIsRefusedForGoodIsLeftOut(t *testing.T) {
	f := newFolder(t)
	tailer := f.tailer()
	f.write(".41", report(1))
	f.fail = ErrRefused
	f.look(tailer)

	f.fail = nil
	f.write(".41", report(2))
	f.look(tailer)

	f.wantSent(report(2))
}

func TestRotations(t *testing.T) {
	rename := func(f *folder) error { return os.Rename(f.prefix+".41", f.prefix+"-old") }
	cases := map[string]struct {
		rotate  func(f *folder) error
		restart bool
	}{
		"moved away":            {rotate: rename},
		"moved away, restarted": {rotate: rename, restart: true},
		"cut off":               {rotate: func(f *folder) error { return os.Truncate(f.prefix+".41", 0) }},
		"deleted":               {rotate: func(f *folder) error { return os.Remove(f.prefix + ".41") }},
	}
	for title, c := range cases {
		t.Run(title, func(t *testing.T) {
			f := newFolder(t)
			tailer := f.tailer()
			f.write(".41", report(1)+report(2))
			f.look(tailer)

			if err := c.rotate(f); err != nil {
				t.Fatal(err)
			}
			if c.restart {
				tailer = f.tailer()
			} else {
				f.look(tailer)
			}
			f.write(".41", report(3)+report(4)+report(5))
			f.look(tailer)
			f.look(tailer)

			f.wantSent(report(1), report(2), report(3), report(4), report(5))
		})
	}
}

func TestWhatWasWrittenBeforeARotationIsRead(t *testing.T) {
	f := newFolder(t)
	tailer := f.tailer()
	f.write(".41", report(1))
	f.look(tailer)
	f.write(".41", report(2))
	if err := os.Rename(f.prefix+".41", f.prefix+"-old"); err != nil {
		t.Fatal(err)
	}
	f.write(".41", report(3))

	f.look(tailer)
	f.look(tailer)

	f.wantSent(report(1), report(2), report(3))
}

func TestABrokenStateCostsOnlyTime(t *testing.T) {
	f := newFolder(t)
	f.write(".41", report(1))
	for _, state := range []string{"", "{", `{"x":null}`, `{"` + f.prefix + `.41":{"offset":-3,"summed":99999999999}}`} {
		if err := os.WriteFile(f.prefix+".unpark", []byte(state), 0o600); err != nil {
			t.Fatal(err)
		}
		f.sent = nil
		f.look(f.tailer())
		f.wantSent(report(1))
	}
}
