package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unet4j.io.Json;
import org.unet4j.io.Progress;
import tools.jackson.databind.JsonNode;

class TerminalTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));

    private record Result(int cases) {}

    private static List<String> lines(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void sayEverything() {
        terminal.note("a note");
        for (int i = 0; i <= 1000; i++) {
            terminal.update("preparing cases", i, 1000);
        }
        terminal.error("an error");
        terminal.print("the result");
        terminal.result(new Result(1000));
        terminal.failure("unet4j: the end\n");
    }

    @Test
    void whereThereIsNoTerminalLinesAreSparse() {
        sayEverything();
        assertThat(lines(out)).containsExactly("the result");
        List<String> told = lines(err);
        assertThat(told).hasSize(5);
        assertThat(told.get(0)).isEqualTo("a note");
        assertThat(told.get(1)).isEqualTo("preparing cases: 0 of 1000");
        assertThat(told.get(2)).matches("preparing cases: 1000 of 1000, \\d+\\.\\d\\d cases/s");
        assertThat(told.get(3)).isEqualTo("unet4j: an error");
        assertThat(told.get(4)).isEqualTo("unet4j: the end");
    }

    @Test
    void quietLeavesTheResultAndErrors() {
        terminal.setQuiet();
        sayEverything();
        assertThat(lines(out)).containsExactly("the result");
        assertThat(lines(err)).containsExactly("unet4j: an error", "unet4j: the end");
    }

    @Test
    void jsonIsTheResultAloneAndAnObjectALine() {
        terminal.setJson();
        sayEverything();
        assertThat(lines(out)).containsExactly("{\"cases\":1000}");
        List<JsonNode> told = lines(err).stream().map(Json::tree).toList();
        assertThat(told)
                .extracting(line -> line.path("event").asString())
                .containsExactly("note", "progress", "progress", "error", "note", "error");
        assertThat(told.get(0).path("text").asString()).isEqualTo("a note");
        JsonNode last = told.get(2);
        assertThat(last.path("task").asString()).isEqualTo("preparing cases");
        assertThat(last.path("done").asInt()).isEqualTo(1000);
        assertThat(last.path("total").asInt()).isEqualTo(1000);
        assertThat(last.path("unit").asString()).isEqualTo("cases");
        assertThat(last.path("perSecond").asDouble()).isPositive();
        assertThat(last.path("secondsLeft").asDouble()).isZero();
        assertThat(last.has("values")).isFalse();
        assertThat(told.get(4).path("text").asString()).isEqualTo("the result");
        assertThat(told.get(5).path("text").asString()).isEqualTo("the end");
    }

    @Test
    void quietJsonIsTheResultAndErrors() {
        terminal.setJson();
        terminal.setQuiet();
        sayEverything();
        assertThat(lines(out)).containsExactly("{\"cases\":1000}");
        assertThat(lines(err)).hasSize(2).allMatch(line -> line.startsWith("{\"event\":\"error\""));
    }

    @Test
    void whatTheWorkKnowsItselfIsShown() {
        Work work = Work.of("unet", 100, 400, "steps").withRate(2, 170).withValues(Map.of("loss", 0.25));
        terminal.update(work);
        terminal.setJson();
        terminal.update(work.withDetail("halfway").withRate(2, 160));
        terminal.update(Work.of("other", 0, 1, ""));
        assertThat(lines(err).get(0)).isEqualTo("unet: 100 of 400, loss 0.250, 2.00 steps/s, 2:50 min left");
        assertThat(Json.tree(lines(err).get(1)).path("task").asString()).isEqualTo("other");
    }

    /** A scan takes minutes, and a line that stands still says nothing. */
    @Test
    void withinALongPartTheLineGoesOn() {
        Work work = Work.of("segmenting", 1, 3, "").withNext(new Progress.Part("patient9", 30, 120, "windows"));
        assertThat(WorkText.line(work.withRate(0.0125)))
                .isEqualTo("segmenting: 1 of 3, patient9: 30 of 120 windows, 1:20 min each, 2:20 min left");
        JsonNode event = Json.tree(JsonEvents.progress(work));
        assertThat(event.path("done").asInt()).isEqualTo(1);
        assertThat(event.path("next"))
                .isEqualTo(Json.tree("{\"name\":\"patient9\",\"done\":30,\"total\":120,\"unit\":\"windows\"}"));
        assertThat(Json.tree(JsonEvents.progress(Work.of("segmenting", 1, 3, "")))
                        .has("next"))
                .isFalse();
    }

    @Test
    void theRateCountsWhatIsDoneOfAPart() {
        Pace pace = new Pace(0, 0);
        pace.measure(10_000_000_000L, 0.25, false);
        assertThat(pace.perSecond()).hasValue(0.025);
    }

    @Test
    void megabytesAndRareThingsAreToldAsPeopleSayThem() {
        assertThat(WorkText.line(
                        Work.of("downloading", 1_500_001, 9_000_000, Work.BYTES).withRate(2_500_000)))
                .isEqualTo("downloading: 2 of 9 MB, 2.5 MB/s, 3.0 s left");
        assertThat(WorkText.line(Work.of("segmenting", 2, 10, "").withRate(0.05)))
                .isEqualTo("segmenting: 2 of 10, 20.0 s each, 2:40 min left");
        assertThat(WorkText.line(Work.of("segmenting", 2, 10, "").withRate(0.5)))
                .isEqualTo("segmenting: 2 of 10, 0.50/s, 16.0 s left");
        assertThat(WorkText.line(Work.of("measuring", 2, 10, "runs").withDetail("unet fp32")))
                .isEqualTo("measuring: 2 of 10, unet fp32");
    }
}
