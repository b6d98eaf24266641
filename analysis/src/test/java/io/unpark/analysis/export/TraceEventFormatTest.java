package io.unpark.analysis.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.testkit.TraceEventFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge of Perfetto's JSON finds what it is to find; its cases are events, with ' for ". */
class TraceEventFormatTest {
    private static final String SLICE = "{'ph':'X','name':'a','pid':1,'tid':2,'ts':10,'dur':5}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'ph':'X','name':'a','pid':1,'tid':2,'ts':-1,'dur':5} | minimum",
                "{'ph':'X','name':'a','pid':1,'tid':2,'ts':1} | dur",
                "{'ph':'X','name':'a','pid':1,'tid':2,'dur':1} | ts",
                "{'ph':'X','name':'a','pid':1,'tid':1125899906842624,'ts':1,'dur':5} | maximum",
                "{'ph':'Q','name':'a','pid':1,'tid':2,'ts':1} | enumeration",
                "{'ph':'C','name':'a','pid':1,'tid':2,'ts':1,'args':{'n':'many'}} | number",
                "{'ph':'M','name':'process_name','pid':1,'tid':2,'args':{}} | name",
                "{'ph':'X','name':'b','pid':1,'tid':2,'ts':12,'dur':5} | ends within",
                "{'ph':'B','name':'b','pid':1,'tid':2,'ts':12} | 1 more begin than end",
                "{'ph':'E','name':'b','pid':1,'tid':2,'ts':12} | ends before it begins",
                "{'ph':'b','cat':'c','id':1,'name':'b','pid':1,'tid':2,'ts':12} | 1 more begin than end",
                "{'ph':'s','cat':'c','id':1,'name':'b','pid':1,'tid':2,'ts':12} | not one start and then one end",
                "{'ph':'s','cat':'c','id':1,'name':'b','pid':1,'tid':2,'ts':12},{'ph':'f','cat':'c','id':1,'name':'b','pid':1,'tid':2,'ts':11,'bp':'e'} | back in time",
                "{'ph':'s','cat':'c','id':1,'name':'b','pid':1,'tid':2,'ts':12},{'ph':'f','cat':'c','id':1,'name':'b','pid':1,'tid':9,'ts':13,'bp':'e'} | no slice is at"
            })
    void findsWhatIsWrong(String events, String problem) {
        String document = ("{'traceEvents':[" + SLICE + "," + events + "]}").replace('\'', '"');

        assertThat(TraceEventFormat.problems(document)).isNotEmpty().anyMatch(it -> it.contains(problem));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'ph':'X','name':'b','pid':1,'tid':2,'ts':12,'dur':3}",
                "{'ph':'X','name':'b','pid':1,'tid':2,'ts':15,'dur':3}",
                "{'ph':'s','cat':'c','id':1,'name':'b','pid':1,'tid':2,'ts':12},{'ph':'f','cat':'c','id':1,'name':'b','pid':1,'tid':2,'ts':12,'bp':'e'}"
            })
    void isContentWithWhatIsRight(String events) {
        String document = ("{'traceEvents':[" + SLICE + "," + events + "]}").replace('\'', '"');

        assertThat(TraceEventFormat.problems(document)).isEmpty();
    }
}
