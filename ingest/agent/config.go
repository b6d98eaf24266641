package unpark

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// Limits and periods used where [Config] leaves a field at zero.
const (
	DefaultMaxBacklogBytes    = 32 << 20
	DefaultMaxGenerationBytes = 16 << 20
	DefaultMaxPostBytes       = 1 << 20
	DefaultPostTimeout        = 30 * time.Second
	DefaultBackoffMin         = 500 * time.Millisecond
	DefaultBackoffMax         = 30 * time.Second
	DefaultTracerRetry        = 15 * time.Second
)

// Config says who the service is and where its trace goes. Service, and one of Collector and Output, must be set.
type Config struct {
	// Service is the name of the service, as in OpenTelemetry's service.name.
	Service string
	// Instance tells one process from the others of the service. Default: host name and process id.
	Instance string
	// Namespace groups services. Optional.
	Namespace string
	// Version of the service. Default: the main module's version or VCS revision, if the build has one.
	Version string

	// Collector is the base URL of the collector, for instance "http://unpark:8080".
	Collector string
	// Header is added to every request to the collector, for instance Authorization.
	Header http.Header
	// Client sends the requests. Default: a client of its own, so that a service's instrumented default
	// client never traces the shipping.
	Client *http.Client

	// Output takes the trace instead of a collector: the header, then whole generations. After a gap
	// (see Stats.GenerationsDropped) nothing more is written, because readers refuse a trace with a hole.
	Output io.Writer

	// MaxBacklogBytes bounds the trace bytes held in memory while the collector is slow or away.
	MaxBacklogBytes int
	// MaxGenerationBytes bounds one generation; a larger one is dropped whole.
	MaxGenerationBytes int
	// MaxPostBytes bounds how many bytes of trace (before compression) are sent in one request when several
	// generations wait. One generation is always sent whole.
	MaxPostBytes int
	// PostTimeout is the limit for one request to the collector.
	PostTimeout time.Duration
	// BackoffMin and BackoffMax bound the wait between attempts.
	BackoffMin, BackoffMax time.Duration
	// TracerRetry is how long to wait when somebody else runs the tracer (runtime/trace allows one at a time).
	TracerRetry time.Duration

	// Logger gets a line when shipping starts to fail and when it works again. Default: none.
	Logger *slog.Logger
}

func (c Config) withDefaults() (Config, error) {
	if c.Service == "" {
		return c, errors.New("unpark: Config.Service is empty")
	}
	if (c.Collector == "") == (c.Output == nil) {
		return c, errors.New("unpark: set exactly one of Config.Collector and Config.Output")
	}
	if c.Collector != "" {
		if err := checkCollector(c.Collector); err != nil {
			return c, err
		}
	}
	if c.Instance == "" {
		c.Instance = defaultInstance()
	}
	if c.Version == "" {
		c.Version = buildVersion()
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	orDefault(&c.MaxBacklogBytes, DefaultMaxBacklogBytes)
	orDefault(&c.MaxGenerationBytes, DefaultMaxGenerationBytes)
	orDefault(&c.MaxPostBytes, DefaultMaxPostBytes)
	orDefault(&c.PostTimeout, DefaultPostTimeout)
	orDefault(&c.BackoffMin, DefaultBackoffMin)
	orDefault(&c.BackoffMax, DefaultBackoffMax)
	orDefault(&c.TracerRetry, DefaultTracerRetry)
	c.BackoffMax = max(c.BackoffMin, c.BackoffMax)
	return c, nil
}

func orDefault[T int | time.Duration](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}

func checkCollector(raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return fmt.Errorf("unpark: Config.Collector: %w", err)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return fmt.Errorf("unpark: Config.Collector %q is not an http or https URL", u.Redacted())
	}
	return nil
}

// ingestURL is where whole generations are posted.
func (c Config) ingestURL() string {
	query := url.Values{"service": {c.Service}, "instance": {c.Instance}}
	if c.Version != "" {
		query.Set("version", c.Version)
	}
	if c.Namespace != "" {
		query.Set("namespace", c.Namespace)
	}
	return strings.TrimRight(c.Collector, "/") + "/ingest/v1/trace?" + query.Encode()
}

func defaultInstance() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown-host"
	}
	return host + "-" + strconv.Itoa(os.Getpid())
}

func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}
