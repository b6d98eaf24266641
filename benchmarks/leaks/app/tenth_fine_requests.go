package app

import (
	"bufio"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

func tenthFineRequests() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "proxied_upgrades", Late: true, Setup: proxiedUpgrades, Load: upgraders10, Upstream: upgrade10,
			About: "a reverse proxy passes on upgraded connections, which come one by one, stay, and say little"},
		{Name: "long_transactions", Setup: longTransactions, Load: getEvery("/settle10", 150*ms),
			About: "a request starts a settlement whose transaction stays open for 2 to 2.6 s and is committed"},
		{Name: "callback_waits", Long: true, Setup: callbackWaits, Load: signIns10,
			About: "a sign-in opens a server for its callback and closes it after 2.6 s, or when it was called, as one in three is"},
		{Name: "import_dribbles", Setup: importDribbles, Load: dribbles10,
			About: "an import is written into a pipe as its body arrives, in 2.8 s; a parser reads the pipe and ends with it"},
		{Name: "compensations_slow", Long: true, Setup: compensationsSlow, Load: getEvery("/trip10", 60*ms),
			About: "one booking in six fails and waits in the background until its four steps are undone, each within 3 s"},
	}
}

// ledgerDB10 is a database that says yes.
type ledgerDB10 struct{}

func (ledgerDB10) Connect(context.Context) (driver.Conn, error) { return ledgerConn10{}, nil }
func (ledgerDB10) Driver() driver.Driver                        { return nil }

type ledgerConn10 struct{}

func (ledgerConn10) Prepare(string) (driver.Stmt, error) { return nil, driver.ErrSkip }
func (ledgerConn10) Close() error                        { return nil }
func (ledgerConn10) Begin() (driver.Tx, error)           { return ledgerTx10{}, nil }

func (ledgerConn10) ExecContext(context.Context, string, []driver.NamedValue) (driver.Result, error) {
	time.Sleep(2 * time.Millisecond)
	return driver.RowsAffected(1), nil
}

type ledgerTx10 struct{}

func (ledgerTx10) Commit() error   { return nil }
func (ledgerTx10) Rollback() error { return nil }

func proxiedUpgrades(e *Env) {
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: e.Upstream})
	e.dial().Close()
	e.Mux.Handle("/chat10", proxy)
}

// upgrade10 switches protocols and says a word every now and then.
func upgrade10(c net.Conn) {
	defer c.Close()
	if _, err := http.ReadRequest(bufio.NewReader(c)); err != nil {
		return
	}
	io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n")
	for {
		time.Sleep(2400 * time.Millisecond)
		if _, err := io.WriteString(c, "still here\n"); err != nil {
			return
		}
	}
}

func upgraders10(c *Client) {
	for range 11 {
		if conn := c.socket("/chat10"); conn != nil {
			go func() { _, _ = io.Copy(io.Discard, conn) }()
		}
		if !pause(c.Ctx, 220*time.Millisecond) {
			return
		}
	}
	c.Every(60*time.Millisecond, func(int) { c.Get("/ping") })
}

func longTransactions(e *Env) {
	db := sql.OpenDB(ledgerDB10{})
	e.OnStop(func() { db.Close() })
	settle := func(n int) {
		tx, err := db.BeginTx(context.Background(), nil)
		if err != nil {
			return
		}
		defer tx.Rollback()
		for range 8 {
			if _, err := tx.Exec("insert into entries"); err != nil {
				return
			}
			time.Sleep(time.Duration(250+25*(n%4)) * time.Millisecond)
		}
		_ = tx.Commit()
	}
	e.Handle("/settle10", func(r *http.Request) string {
		i := r.FormValue("i")
		go settle(int(i[len(i)-1]))
		return "settling"
	})
}

func callbackWaits(e *Env) {
	e.Handle("/signin10", func(*http.Request) string {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err.Error()
		}
		code, errs := make(chan string, 1), make(chan error, 1)
		srv := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			select {
			case code <- r.FormValue("code"):
			default:
			}
		})}
		go func() { errs <- srv.Serve(ln) }()
		go func() {
			select {
			case <-code:
			case <-errs:
			case <-time.After(2600 * time.Millisecond):
			case <-e.Ctx.Done():
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			srv.Shutdown(ctx)
		}()
		return ln.Addr().String()
	})
}

func signIns10(c *Client) {
	c.Every(170*time.Millisecond, func(i int) {
		addr := c.ask("/signin10")
		if i%3 != 0 || !pause(c.Ctx, 400*time.Millisecond) {
			return
		}
		resp, err := c.HTTP.Get("http://" + addr + "/?code=1")
		if err == nil {
			resp.Body.Close()
		}
	})
}

func importDribbles(e *Env) {
	e.Mux.HandleFunc("/import10", func(w http.ResponseWriter, r *http.Request) {
		pr, pw := io.Pipe()
		rows := make(chan int, 1)
		go func() {
			in, n := bufio.NewScanner(pr), 0
			for in.Scan() {
				n++
			}
			rows <- n
		}()
		_, err := io.Copy(pw, r.Body)
		pw.CloseWithError(err)
		fmt.Fprint(w, <-rows)
	})
}

func dribbles10(c *Client) {
	c.Every(230*time.Millisecond, func(int) {
		pr, pw := io.Pipe()
		go func() {
			defer pw.Close()
			for n := range 4 {
				if _, err := fmt.Fprintln(pw, "row", n); err != nil {
					return
				}
				time.Sleep(700 * time.Millisecond)
			}
		}()
		resp, err := c.HTTP.Post(c.Base+"/import10", "text/csv", pr)
		if err == nil {
			resp.Body.Close()
		}
	})
}

func compensationsSlow(e *Env) {
	e.Handle("/trip10", func(r *http.Request) string {
		var i int
		if _, err := fmt.Sscan(r.FormValue("i"), &i); err != nil || i%6 != 3 {
			return "booked"
		}
		undone := make(chan int, 4)
		for n := range 4 {
			time.AfterFunc(time.Duration(400+(i*7+n*11)%27*100)*time.Millisecond, func() { undone <- n })
		}
		go func() {
			for range 4 {
				spin(<-undone)
			}
		}()
		return "failed"
	})
}
