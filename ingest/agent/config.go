package unpark

import (
	"context"
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
	DefaultMaxSpoolBytes      = 256 << 20
	DefaultPostTimeout        = 30 * time.Second
	DefaultBackoffMin         = 500 * time.Millisecond
	DefaultBackoffMax         = 30 * time.Second
	DefaultTracerRetry        = 15 * time.Second
)

// Config says who the service is and where its trace goes. Service, and one of Collector, Output and Ship, must be set.
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
	// Identity is shown to the collector: a token, a certificate. Not together with Client.
	Identity Identity
	// Header is added to every request to the collector.
	Header http.Header
	// Client sends the requests. Default: a client of its own, so that a service's instrumented default
	// client never traces the shipping.
	Client *http.Client

	// Compression of what is posted. Default: [CompressGzip].
	Compression Compression

	// Output takes the trace instead of a collector: the header, then whole generations. After a gap
	// (see Stats.GenerationsDropped) nothing more is written, because readers refuse a trace with a hole.
	Output io.Writer

	// Ship takes the trace instead of a collector, one call at a time, for instance to Kafka (see the module
	// ingest/agent/kafka). An error that is not made by [Retry] is final. Nothing of a Shipment may be changed or kept.
	Ship func(context.Context, Shipment) error

	// Redact is called for the task types, region types, log categories and log messages in the trace, whoever wrote
	// them, before anything leaves the process or touches its disk; what it returns is shipped instead, at most 1,024
	// bytes of it. kind is one of the Redact constants, key the category of a log's message. It must be fast and give
	// the same answer for the same value. The agent's own annotations are exempt ([WithRedact] is for them), and so
	// is text that is also the name of a function or file or a wait's reason in the same generation. A generation that
	// cannot be understood is dropped and counted. nil: the trace leaves as it is.
	Redact func(kind, key, value string) string

	// SpoolDir keeps on disk what the collector does not take, also beyond the end of the process. Optional. One
	// folder for each process is best.
	SpoolDir string
	// MaxSpoolBytes bounds the folder; beyond, the oldest go and are counted.
	MaxSpoolBytes int64

	// Mode says when the tracer runs. Default: Continuous.
	Mode Mode
	// Sampling bounds what the mode Sampled produces.
	Sampling Sampling
	// Trigger says what makes the mode Triggered ship.
	Trigger Trigger

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

	transport http.RoundTripper // with the identity; shared, so that connections are

	// Logger gets a line when shipping starts to fail and when it works again. Default: none.
	Logger *slog.Logger
}

// Compression says what the agent spends on the network's behalf. Whatever it is, the collector knows it by itself.
type Compression uint8

const (
	// CompressGzip takes about 10 ns of CPU a byte of trace, to about 0.57 of its size.
	CompressGzip Compression = iota
	// CompressLight is gzip without a search for repetitions: about 4 ns a byte, to about 0.86 of its size.
	CompressLight
	// CompressNone posts the trace as it is.
	CompressNone
)

func (c Config) withDefaults() (Config, error) {
	if c.Service == "" {
		return c, errors.New("unpark: Config.Service is empty")
	}
	if destinations := c.destinations(); destinations != 1 {
		return c, errors.New("unpark: set exactly one of Config.Collector, Config.Output and Config.Ship")
	}
	if c.Compression > CompressNone {
		return c, errors.New("unpark: Config.Compression is unknown")
	}
	if c.SpoolDir != "" && c.Collector == "" {
		return c, errors.New("unpark: Config.SpoolDir needs Config.Collector")
	}
	if c.Collector != "" {
		if err := checkCollector(c.Collector); err != nil {
			return c, err
		}
		if c.Client != nil && !c.Identity.isEmpty() {
			return c, errors.New("unpark: give Config.Client its own identity, or leave it out for Config.Identity")
		}
		transport, err := c.Identity.Wrap(newTransport(), c.Collector)
		if err != nil {
			return c, err
		}
		c.transport = transport
	}
	if err := c.modeDefaults(); err != nil {
		return c, err
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
	orDefault(&c.MaxSpoolBytes, DefaultMaxSpoolBytes)
	orDefault(&c.PostTimeout, DefaultPostTimeout)
	orDefault(&c.BackoffMin, DefaultBackoffMin)
	orDefault(&c.BackoffMax, DefaultBackoffMax)
	orDefault(&c.TracerRetry, DefaultTracerRetry)
	c.BackoffMax = max(c.BackoffMin, c.BackoffMax)
	return c, nil
}

func (c Config) destinations() int {
	n := 0
	for _, set := range []bool{c.Collector != "", c.Output != nil, c.Ship != nil} {
		if set {
			n++
		}
	}
	return n
}

func orDefault[T int | int64 | time.Duration](field *T, value T) {
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

// ingestURL is where whole generations are posted, without the query.
func (c Config) ingestURL() string { return strings.TrimRight(c.Collector, "/") + "/ingest/v1/trace" }

func (c Config) ingestQuery() string {
	query := url.Values{"service": {c.Service}, "instance": {c.Instance}}
	if c.Version != "" {
		query.Set("version", c.Version)
	}
	if c.Namespace != "" {
		query.Set("namespace", c.Namespace)
	}
	return query.Encode()
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
