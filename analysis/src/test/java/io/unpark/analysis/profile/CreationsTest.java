package io.unpark.analysis.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names as the compilers of Go 1.22 to 1.26 give them. */
class CreationsTest {
    @ParameterizedTest
    @CsvSource({
        "main.(*server).quote.func1,                                 main.(*server).quote",
        "main.(*server).quote.func1.2,                               main.(*server).quote.func1",
        "main.(*server).quote.func1.gowrap3,                         main.(*server).quote.func1",
        "main.serve.gowrap1,                                         main.serve",
        "main.pool[...].func2,                                       main.pool[...]",
        "main.walk.func1-range1,                                     main.walk",
        "example.com/shop/cart.Add.func1,                            example.com/shop/cart.Add",
        "main.worker,                                                ''",
        "main.glob..func1,                                           ''",
        "runtime.gopark main.wait main.run.func1,                    main.run",
        "runtime.gopark main.fetch.func1 golang.org/x/sync/errgroup.(*Group).Go.func1, main.fetch",
        "runtime.gopark main.handle net/http.(*conn).serve net/http.(*Server).Serve.gowrap3, ''",
        "runtime.gopark net/http.(*persistConn).readLoop net/http.(*Transport).dialConn.gowrap2, net/http.(*Transport).dialConn",
    })
    void whoStartedIt(String stack, String creator) {
        Stack frames = new Stack(Arrays.stream(stack.split(" "))
                .map(function -> new Frame(function, "", 0))
                .toList());

        assertThat(Creations.guess(frames, UserCode.standard())).isEqualTo(creator);
    }
}
