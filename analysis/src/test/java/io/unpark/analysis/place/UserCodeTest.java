package io.unpark.analysis.place;

import static io.unpark.analysis.Samples.stack;
import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UserCodeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            net/http.(*conn).serve                                   | net/http
            main.handler.func1                                       | main
            main.main()                                              | main
            runtime.gopark                                           | runtime
            gopkg.in/yaml%2ev3.(*parser).parse                       | gopkg.in/yaml.v3
            github.com/a/b/v2.Map[go.shape.int,github.com/x/y.T].f   | github.com/a/b/v2
            main.(*Pool[github.com/x/y.Conn]).Get                    | main
            slices.SortFunc[go.shape.[]main.T,go.shape.int]          | slices
            command-line-arguments.TestX                             | command-line-arguments
            samples/hard.Run                                         | samples/hard
            a/vendor/b.F                                             | a/vendor/b
            type:.eq.main.T                                          | type:
            go.(*struct { net/http.Handler }).ServeHTTP              | go
            main.init.0                                              | main
            main.glob..func1                                         | main
            main._Cfunc_work                                         | main
            _cgoexp_0a1b_Callback                                    | ''
            memmove                                                  | ''
            ''                                                       | ''
            100%.F                                                   | 100%
            """)
    void findsThePackageOfAFunction(String function, String expected) {
        assertThat(UserCode.packageOf(function)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            net/http.(*conn).serve                                   | STANDARD
            sync/atomic.AddInt64()                                   | STANDARD
            internal/poll.(*FD).Read                                 | STANDARD
            runtime/internal/atomic.Load                             | STANDARD
            crypto/internal/nistec.Mul                               | STANDARD
            net/http/internal.(*chunkedReader).Read                  | STANDARD
            vendor/golang.org/x/net/http2/hpack.NewEncoder           | STANDARD
            testing.tRunner                                          | STANDARD
            encoding/json/v2.Marshal                                 | STANDARD
            type:.eq.main.T                                          | STANDARD
            type..hash.github.com/a/b.T                              | STANDARD
            go.(*struct { net/http.Handler }).ServeHTTP              | STANDARD
            memmove                                                  | STANDARD
            golang.org/x/net/http2.(*Transport).RoundTrip            | INFRASTRUCTURE
            google.golang.org/grpc.(*Server).handleStream            | INFRASTRUCTURE
            google.golang.org/grpc/internal/transport.(*http2Server).x | INFRASTRUCTURE
            github.com/jackc/pgx/v5/pgxpool.(*Pool).Acquire          | INFRASTRUCTURE
            gopkg.in/yaml%2ev3.(*parser).parse                       | INFRASTRUCTURE
            gopkg.in/DataDog/dd-trace-go%2ev1/ddtrace/tracer.Start   | INFRASTRUCTURE
            github.com/unpark/unpark/ingest/agent.(*Agent).Handler   | INFRASTRUCTURE
            shop/vendor/example.com/lib.F                            | INFRASTRUCTURE
            samples/hard.Run                                         | USER
            log/mylog.Print                                          | USER
            nets/http.Get                                            | USER
            shop/internal/store.(*Store).Get                         | USER
            github.com/unpark/unpark/infra/demo/orders.serve         | USER
            github.com/go-redisfork/x.F                              | USER
            golang.org/xyz.F                                         | USER
            main.handler                                             | USER
            command-line-arguments.TestX                             | USER
            """)
    void tellsWhoseCodeAFunctionIs(String function, String expected) {
        UserCode code = UserCode.standard();

        String owner = code.isStandardLibrary(function)
                ? "STANDARD"
                : code.isInfrastructure(function) ? "INFRASTRUCTURE" : "USER";

        assertThat(owner).isEqualTo(expected);
    }

    @Test
    void mainWinsOverALibraryFrameThatIsFurtherIn() {
        Stack stack =
                stack("runtime.gopark proc.go:1", "example.com/lib.Wait lib@v1.2.0/lib.go:2", "main.handler main.go:3");

        assertThat(UserCode.standard().line(stack)).contains(new Frame("main.handler", "main.go", 3));
    }

    @Test
    void aPackageOfTheMainModuleIsTheUsersAlthoughMainIsFurtherOut() {
        Stack stack =
                stack("runtime.gopark proc.go:1", "shop/orders.(*API).get shop/orders/api.go:7", "main.main main.go:3");

        assertThat(UserCode.standard().line(stack))
                .contains(new Frame("shop/orders.(*API).get", "shop/orders/api.go", 7));
    }

    @Test
    void withoutMainTheFirstFrameOfNobodyElseIsTheLine() {
        Stack stack = stack(
                "runtime.gopark proc.go:1",
                "net/http.(*Client).Do client.go:5",
                "github.com/go-resty/resty/v2.(*Client).execute client.go:6",
                "example.com/shop/orders.(*API).get api.go:7",
                "github.com/gin-gonic/gin.(*Context).Next gin.go:8");

        assertThat(UserCode.standard().line(stack))
                .contains(new Frame("example.com/shop/orders.(*API).get", "api.go", 7));
    }

    @Test
    void theUsersPackagesCountAsMainEvenWhenTheListsNameThem() {
        UserCode code = UserCode.of(List.of("github.com/gin-gonic/gin/...", "corp/shop"));
        Stack stack = stack(
                "example.com/lib.Wait lib.go:1",
                "github.com/gin-gonic/gin.(*Context).Next gin.go:2",
                "main.main main.go:3");

        assertThat(code.line(stack)).contains(new Frame("github.com/gin-gonic/gin.(*Context).Next", "gin.go", 2));
        assertThat(code.isInfrastructure("github.com/gin-gonic/gin.New")).isFalse();
        assertThat(code.line(stack("corp/shopper.F f.go:1", "corp/shop/store.G g.go:2")))
                .contains(new Frame("corp/shop/store.G", "g.go", 2));
    }

    @Test
    void aStackOfGoItselfHasNoUserLine() {
        Stack stack = stack("runtime.gopark proc.go:1", "testing.tRunner testing.go:2", "main.main _testmain.go:3");

        assertThat(UserCode.standard().line(stack)).isEmpty();
        assertThat(UserCode.standard().line(Stack.EMPTY)).isEmpty();
    }
}
