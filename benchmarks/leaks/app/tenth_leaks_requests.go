package app

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// tenth has what handlers get from the standard library: time-outs, transactions, servers of their own, HTTP/2, pipes, and sockets.
func tenth() []Scenario {
	all := append(tenthLeakRequests(), tenthLeakParts()...)
	return append(append(all, tenthFineRequests()...), tenthFineParts()...)
}

func tenthLeakRequests() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "timeout_handler_inner", Late: true, Leaks: []string{"stock10).reserve"}, Setup: timeoutHandlerInner, Load: badEvery("/reserve10", 60*ms, 6),
			About: "http.TimeoutHandler answers for a handler that waits for a reservation and does not look at its request's context"},
		{Name: "tx_left_open", Late: true, Leaks: []string{"Tx).awaitDone"}, Setup: txLeftOpen, Load: badEvery("/order10", 40*ms, 10),
			About: "a transaction is begun without a context; the path for a sold-out item returns without rolling it back"},
		{Name: "callback_servers", Short: true, Leaks: []string{"callback10).serve"}, Setup: callbackServers, Load: badEvery("/signin10", 150*ms, 2),
			About: "a sign-in opens a server for its callback; when nobody calls it is closed, and its goroutine hands the error to nobody"},
		{Name: "h2_feed_left", Late: true, Leaks: []string{"rates10).receive"}, Follows: []string{"lientStream).doRequest"},
			Setup: h2FeedLeft, Load: badEvery("/rates10", 110*ms, 3), Upstream: h2Feed10,
			About: "a request opens a stream over HTTP/2, whose receiver goes on until it is called off; one path takes the first message and goes"},
		{Name: "import_parser_left", Long: true, Leaks: []string{"import10).parse"}, Setup: importParserLeft, Load: badEvery("/import10", 15*ms, 50),
			About: "an import writes into a pipe that a parser reads; one in fifty stops at a bad row and does not close its end"},
		{Name: "socket_inbox_full", Late: true, Leaks: []string{"socket10).read"}, Setup: socketInboxFull, Load: talkers10,
			About: "a socket's processor returns at a message it does not know; its reader fills the inbox and stays there when the client has gone"},
	}
}

type stock10 struct{ replies map[bool]chan int }

func (s *stock10) reserve(bad bool) int { return <-s.replies[bad] }

func timeoutHandlerInner(e *Env) {
	s := &stock10{map[bool]chan int{true: make(chan int), false: make(chan int)}}
	go func() {
		for {
			select {
			case s.replies[false] <- 7:
				time.Sleep(time.Millisecond)
			case <-e.Ctx.Done():
				return
			}
		}
	}()
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, s.reserve(isBad(r)))
	})
	e.Mux.Handle("/reserve10", http.TimeoutHandler(inner, 80*time.Millisecond, "busy"))
}

var errSoldOut10 = errors.New("sold out")

func order10(db *sql.DB, soldOut bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("update items"); err != nil {
		_ = tx.Rollback()
		return err
	}
	if soldOut {
		return errSoldOut10
	}
	return tx.Commit()
}

func txLeftOpen(e *Env) {
	db := sql.OpenDB(ledgerDB10{})
	db.SetMaxIdleConns(8)
	e.OnStop(func() { db.Close() })
	e.Handle("/order10", func(r *http.Request) string {
		if err := order10(db, isBad(r)); err != nil {
			return err.Error()
		}
		return "ordered"
	})
}

type callback10 struct {
	srv  http.Server
	code chan string
	errs chan error
}

func (c *callback10) serve(ln net.Listener) { c.errs <- c.srv.Serve(ln) }

func (c *callback10) await(collect bool) {
	select {
	case <-c.code:
	case <-c.errs:
		return
	case <-time.After(250 * time.Millisecond):
	}
	c.srv.Close()
	if collect {
		<-c.errs
	}
}

func callbackServers(e *Env) {
	e.Handle("/signin10", func(r *http.Request) string {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err.Error()
		}
		c := &callback10{code: make(chan string, 1), errs: make(chan error)}
		go c.serve(ln)
		go c.await(!isBad(r))
		return ln.Addr().String()
	})
}

type rates10 struct{ body io.ReadCloser }

func (s *rates10) receive(out chan<- string) {
	defer s.body.Close()
	in := bufio.NewScanner(s.body)
	for in.Scan() {
		select {
		case out <- in.Text():
		default:
		}
	}
}

func h2Client10() *http.Client {
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	return &http.Client{Transport: &http.Transport{Protocols: &protocols}}
}

func h2FeedLeft(e *Env) {
	client := h2Client10()
	e.dial().Close()
	e.Handle("/rates10", func(r *http.Request) string {
		ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+e.Upstream+"/rates", nil)
		resp, err := client.Do(req)
		if err != nil {
			cancel()
			return err.Error()
		}
		first := make(chan string, 1)
		go (&rates10{resp.Body}).receive(first)
		rate := <-first
		if isBad(r) {
			context.AfterFunc(e.Ctx, cancel) // only the process's end calls it off
			return rate
		}
		cancel()
		return rate
	})
}

// h2Feed10 says one thing on each stream and keeps it open.
func h2Feed10(c net.Conn) {
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	srv := &http.Server{Protocols: &protocols, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "1.08\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})}
	_ = srv.Serve(&oneConn10{c})
}

// oneConn10 is a listener that hands out one connection.
type oneConn10 struct{ net.Conn }

func (o *oneConn10) Accept() (net.Conn, error) {
	c := o.Conn
	if c == nil {
		return nil, net.ErrClosed
	}
	o.Conn = nil
	return c, nil
}

func (o *oneConn10) Close() error   { return nil }
func (o *oneConn10) Addr() net.Addr { return &net.TCPAddr{} }

type import10 struct{ rows int }

func (i *import10) parse(r io.Reader, done chan<- int) {
	in := bufio.NewScanner(r)
	for in.Scan() {
		i.rows += spin(1) & 1
	}
	done <- i.rows
}

func importParserLeft(e *Env) {
	e.Handle("/import10", func(r *http.Request) string {
		pr, pw := io.Pipe()
		done := make(chan int, 1)
		go (&import10{}).parse(pr, done)
		for n := range 5 {
			if n == 3 && isBad(r) {
				return "bad row"
			}
			fmt.Fprintln(pw, "row", n)
		}
		pw.Close()
		return fmt.Sprint(<-done)
	})
}
