package org.unet4j.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MlflowRunTest {

    /** Short pauses, and long enough a patience for a loaded machine. */
    private static final Patience SHORT = new Patience(
            Duration.ofMinutes(2),
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            Duration.ofMinutes(3));

    private static final Patience IMPATIENT = new Patience(
            Duration.ofMillis(300),
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            Duration.ofMinutes(3));

    private static final long HANG_SECONDS = 240; // a server's silence, which nobody waits for

    @TempDir
    Path folder;

    private final ConcurrentLinkedQueue<Metric> written = new ConcurrentLinkedQueue<>();
    private final List<String> notes = new ArrayList<>();
    private TrackingServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new TrackingServer();
    }

    @AfterEach
    void everyRequestWasAsTheInterfaceSays() {
        server.close();
        assertThat(server.violations()).isEmpty();
    }

    @Test
    void theServerGetsEverythingInItsOrder() {
        MlflowRun run = start(SHORT);
        write(1, 2500);
        written.add(new Metric("loss", Double.NaN, now(), 2501));
        written.add(new Metric("loss", Double.POSITIVE_INFINITY, now(), 2502));
        end(run, RunStatus.FINISHED);
        TrackingServer.Run told = theRun();
        assertThat(told.steps("loss")).isEqualTo(steps(1, 2502));
        assertThat(told.metrics.get("loss").get(2500).value()).isNaN();
        assertThat(told.metrics.get("loss").get(2501).value()).isInfinite();
        assertThat(told.status).isEqualTo("FINISHED");
        assertThat(told.endMillis).isPositive();
        assertThat(told.name).isEqualTo("a run");
        assertThat(told.parameters).hasSize(250).containsEntry("p7", "7");
        assertThat(told.parameters.get("odd _key_")).hasSize(250);
        assertThat(told.tags).containsEntry("mlflow.runName", "a run");
        assertThat(server.experiments()).containsOnlyKeys("an experiment");
        assertThat(notes).isEmpty();
    }

    @Test
    void aRunGoesOnAtTheServerWithoutStepsTwice() {
        MlflowRun first = start(SHORT);
        write(1, 10);
        end(first, RunStatus.KILLED);
        assertThat(theRun().status).isEqualTo("KILLED");
        write(1, 30); // From its checkpoint, a process would write only some of these again.
        MlflowRun second = start(SHORT, description("another value"));
        end(second, RunStatus.FINISHED);
        assertThat(theRun().steps("loss")).isEqualTo(steps(1, 30));
        assertThat(theRun().status).isEqualTo("FINISHED");
        assertThat(theRun().parameters).as("a server refuses that they change").containsEntry("changing", "a value");
        assertThat(notes).isEmpty();
    }

    @Test
    void aRunThatTheServerForgotIsMadeAnew() {
        end(start(SHORT), RunStatus.KILLED);
        server.forget("run1");
        write(1, 3);
        end(start(SHORT), RunStatus.FINISHED);
        assertThat(theRun().steps("loss")).isEqualTo(steps(1, 3));
        assertThat(notes).hasSize(1);
        assertThat(notes.get(0)).contains("no run run1 any more");
    }

    @Test
    void whatTheServerMissedIsSentWhenItIsBack() throws Exception {
        MlflowRun run = start(SHORT);
        write(1, 5);
        until(() -> !server.runs().isEmpty() && theRun().steps("loss").size() == 5);
        int port = server.stop();
        write(6, 50);
        until(() -> heard().size() == 1);
        server.restart(port);
        until(() -> theRun().steps("loss").contains(50L));
        end(run, RunStatus.FINISHED);
        assertThat(theRun().steps("loss").stream().distinct())
                .as("twice, where the server went before it had answered, which MLflow's store takes for once")
                .containsExactlyElementsOf(steps(1, 50));
        assertThat(heard()).hasSize(2);
        assertThat(heard().get(0)).contains(server.address()).contains("the run goes on");
        assertThat(heard().get(1)).contains("answers again");
    }

    @ParameterizedTest
    @CsvSource({
        "500, ''",
        "429, ''",
        "503, '<html>bad gateway</html>'",
        "401, '{\"error_code\": \"UNAUTHENTICATED\"}'",
        "200, '<html>log in, please</html>'",
        "200, '[]'",
        "200, ''",
        "302, ''"
    })
    void whateverTheServerAnswersTheRunIsToldOfInTheEnd(int status, String body) throws Exception {
        server.setMood(answer -> new TrackingServer.Answer(status, body));
        MlflowRun run = start(SHORT);
        write(1, 20);
        until(() -> heard().size() == 1 && server.calls().size() > 3);
        server.setMood(answer -> answer);
        until(() -> !server.runs().isEmpty() && theRun().steps("loss").size() == 20);
        end(run, RunStatus.FINISHED);
        assertThat(theRun().status).isEqualTo("FINISHED");
        assertThat(heard().get(0)).contains(status == 200 ? "not MLflow's" : "status " + status);
        assertThat(heard()).hasSize(2);
    }

    /** The request is done and its answer lost, each time: points come twice, which MLflow's store takes for one. No run does. */
    @Test
    void anAnswerThatIsLostMakesNoSecondRun() throws Exception {
        server.setMood(
                answer -> server.calls().stream().filter("runs/create"::equals).count() == 1
                                && server.calls().get(server.calls().size() - 1).equals("runs/create")
                        ? new TrackingServer.Answer(500, "")
                        : answer);
        MlflowRun run = start(SHORT);
        write(1, 3);
        until(() -> !server.runs().isEmpty() && theRun().steps("loss").size() == 3);
        end(run, RunStatus.FINISHED);
        assertThat(server.runs()).hasSize(1);
        assertThat(server.calls()).contains("runs/search");
    }

    @Test
    void aServerThatHangsKeepsNobodyWaiting() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        server.setMood(answer -> {
            try {
                hanging.await(HANG_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return answer;
        });
        long start = System.nanoTime();
        MlflowRun run = start(IMPATIENT);
        write(1, 20);
        assertThat(seconds(start)).as("starting waits for nothing").isLessThan(HANG_SECONDS / 4.0);
        until(() -> heard().size() == 1);
        long end = System.nanoTime();
        end(run, RunStatus.FINISHED);
        assertThat(seconds(end)).as("three tries of 0.3 s").isLessThan(HANG_SECONDS / 4.0);
        hanging.countDown();
        assertThat(heard()).hasSize(2);
        assertThat(heard().get(0)).contains("no answer within");
        assertThat(heard().get(1)).contains("up to step 0 only").contains("all is in the run's folder");
    }

    @Test
    void anAnswerWithoutEndFillsNoMemory() throws Exception {
        server.setMood(answer -> new TrackingServer.Answer(200, "{\"a\": \"" + "x".repeat(5 << 20) + "\"}"));
        MlflowRun run = start(SHORT);
        until(() -> heard().size() == 1);
        server.setMood(answer -> answer);
        end(run, RunStatus.FINISHED);
        assertThat(heard().get(0)).contains("more than 4194304 bytes");
        assertThat(theRun().status).isEqualTo("FINISHED");
    }

    @Test
    void aServerThatWasNeverThereIsToldOnceAndAtTheEnd() {
        server.stop();
        MlflowRun run = start(SHORT);
        write(1, 20);
        end(run, RunStatus.FINISHED);
        assertThat(heard()).hasSize(2);
        assertThat(heard().get(0)).contains("cannot be reached");
        assertThat(heard().get(1)).contains("up to step 0 only").contains("cannot be reached");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void pointsThatAreRefusedAreCountedAndTheOthersSent() {
        MlflowRun run = start(SHORT);
        server.setMood(answer -> answer.body().equals("{}")
                        && theRun().steps("bad").size() == 1
                        && theRun().steps("loss").isEmpty()
                ? TrackingServer.Answer.error(400, "INVALID_PARAMETER_VALUE", "not this one\u001b[2J")
                : answer);
        written.add(new Metric("bad", 1, now(), 1));
        end(run, RunStatus.FINISHED);
        assertThat(theRun().status).isEqualTo("FINISHED");
        assertThat(heard()).isNotEmpty();
        assertThat(heard().get(0)).contains("not this one").doesNotContain("\u001b");
    }

    /** As a process that goes on with the next fold does. */
    @Test
    void aServerThatComesBackAfterTheEndIsToldWhereNobodyWaits() throws Exception {
        int port = server.stop();
        MlflowRun run = start(SHORT);
        write(1, 20);
        run.end(RunStatus.FINISHED);
        TimeUnit.MILLISECONDS.sleep(500); // Of which three tries would take 30 ms.
        server.restart(port);
        until(() -> !server.runs().isEmpty() && theRun().status.equals("FINISHED"));
        run.await();
        assertThat(theRun().steps("loss")).isEqualTo(steps(1, 20));
        assertThat(heard()).hasSize(2);
        assertThat(heard().get(1)).contains("answers again");
    }

    @Test
    void anEndThatComesWhileTheServerIsToldIsToldAtOnce() throws Exception {
        Duration hours = Duration.ofHours(3);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        server.setMood(answer -> {
            asked.countDown();
            try {
                ended.await(4, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return answer;
        });
        MlflowRun run = start(new Patience(hours, hours, hours, hours, Duration.ofMinutes(4)));
        assertThat(asked.await(4, TimeUnit.MINUTES)).isTrue();
        run.end(RunStatus.FINISHED);
        ended.countDown();
        until(() -> !server.runs().isEmpty() && theRun().status.equals("FINISHED"));
        run.await();
        assertThat(heard()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"400, params", "413, params", "400, tags"})
    void aDescriptionThatIsRefusedKeepsNoCurveBack(int status, String part) {
        server.setMoodOf((request, answer) ->
                request.has("run_id") && request.has(part) ? new TrackingServer.Answer(status, "too long") : answer);
        MlflowRun run = start(SHORT);
        write(1, 20);
        end(run, RunStatus.FINISHED);
        assertThat(theRun().steps("loss")).isEqualTo(steps(1, 20));
        assertThat(theRun().status).isEqualTo("FINISHED");
        assertThat(heard()).hasSize(1);
        assertThat(heard().get(0))
                .contains("does not take all that describes the run")
                .contains("status " + status);
    }

    @Test
    void curvesThatFillTheMemoryEndTheTellingAlone() {
        MlflowRun run = MlflowRun.start(
                MlflowServer.of(server.address(), Map.of()),
                description("a value"),
                folder.resolve("mlflow.json"),
                () -> {
                    throw new OutOfMemoryError("on purpose");
                },
                note -> {
                    synchronized (notes) {
                        notes.add(note);
                    }
                },
                SHORT);
        end(run, RunStatus.FINISHED);
        assertThat(heard().get(0)).isEqualTo("tracking: ended, and the run goes on without it: on purpose");
    }

    @Test
    void whatAFolderRemembersOfAnotherServerIsLeftAlone() throws IOException {
        Files.writeString(
                folder.resolve("mlflow.json"),
                "{\"server\": \"http://elsewhere\", \"experiment\": \"an experiment\", \"run\": \"run9\"}");
        end(start(SHORT), RunStatus.FINISHED);
        assertThat(theRun().id).isEqualTo("run1");
        assertThat(Files.readString(folder.resolve("mlflow.json"))).contains(server.address());
    }

    private MlflowRun start(Patience patience) {
        return start(patience, description("a value"));
    }

    private MlflowRun start(Patience patience, RunDescription description) {
        return start(patience, description, Map.of());
    }

    private MlflowRun start(Patience patience, RunDescription description, Map<String, String> environment) {
        return MlflowRun.start(
                MlflowServer.of(server.address() + "/", environment),
                description,
                folder.resolve("mlflow.json"),
                this::next,
                note -> {
                    synchronized (notes) {
                        notes.add(note);
                    }
                },
                patience);
    }

    private static void end(MlflowRun run, RunStatus status) {
        run.end(status);
        run.await();
    }

    private List<String> heard() {
        synchronized (notes) {
            return List.copyOf(notes);
        }
    }

    private List<Metric> next() {
        List<Metric> next = new ArrayList<>();
        while (next.size() < 1500 && !written.isEmpty()) {
            next.add(written.poll());
        }
        return next;
    }

    private static RunDescription description(String changing) {
        TreeMap<String, String> parameters = new TreeMap<>();
        for (int i = 0; i < 248; i++) {
            parameters.put("p" + i, "" + i);
        }
        parameters.put("changing", changing);
        parameters.put("odd \u00e9key:", "x".repeat(10_000));
        return new RunDescription(
                "an experiment", "a run", parameters, new TreeMap<>(Map.of("mlflow.runName", "a run")));
    }

    private void write(int from, int to) {
        for (int step = from; step <= to; step++) {
            written.add(new Metric("loss", 1.0 / step, now(), step));
        }
    }

    private TrackingServer.Run theRun() {
        assertThat(server.runs()).hasSize(1);
        return server.runs().get(0);
    }

    private static List<Long> steps(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** Returns once it holds; fails after minutes. */
    private static void until(BooleanSupplier holds) throws InterruptedException {
        long start = System.nanoTime();
        while (!holds.getAsBoolean()) {
            assertThat(seconds(start)).isLessThan(240);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
