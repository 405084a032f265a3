package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Box;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

class YamlTest {

    enum Size {
        COMPACT,
        STANDARD
    }

    sealed interface Window permits CtWindow, ZScore {}

    record CtWindow(double lower, double upper) implements Window {
        CtWindow {
            if (lower >= upper) {
                throw new IllegalArgumentException("lower " + lower + " must be below upper " + upper);
            }
        }
    }

    @JsonTypeName("z-score")
    record ZScore() implements Window {}

    record Inner(int steps, double learningRate) {}

    record Plan(
            String dataset,
            Shape patch,
            Spacing spacing,
            Size budget,
            List<Window> windows,
            SortedMap<Integer, String> classes,
            Inner inner,
            Optional<Integer> batch,
            List<Shape> strides) {

        /** Would be written as a property, were methods taken for components. */
        public boolean isCt() {
            return true;
        }

        public int getCount() {
            return 3;
        }
    }

    private static final String TEXT = """
            dataset: Task04 "x"
            patch: [40, 56, 40]
            spacing: [1.0, 1.0, 0.5]
            budget: compact
            windows:
              - type: ct-window
                lower: -160.0
                upper: 240.0
              - type: z-score
            classes:
              0: background
              1: anterior
            inner:
              steps: 1000
              learningRate: 0.001
            strides: [[1, 1, 1], [2, 2, 2]]
            """.replace("Task04 \"x\"", "\"Task04 \\\"x\\\"\"");

    private final Plan plan = new Plan(
            "Task04 \"x\"",
            new Shape(40, 56, 40),
            new Spacing(1, 1, 0.5),
            Size.COMPACT,
            List.of(new CtWindow(-160, 240), new ZScore()),
            new TreeMap<>(java.util.Map.of(0, "background", 1, "anterior")),
            new Inner(1000, 1e-3),
            Optional.empty(),
            List.of(Shape.cube(1), Shape.cube(2)));

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("plan.yaml"), text);
    }

    @Test
    void recordsLookAsAPersonWouldWriteThem() {
        assertThat(Yaml.toString(plan)).isEqualTo(TEXT);
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path file = folder.resolve("plan.yaml");
        Yaml.write(file, plan);
        assertThat(Yaml.read(file, Plan.class)).isEqualTo(plan);
        Json.write(folder.resolve("plan.json"), plan);
        assertThat(Json.read(folder.resolve("plan.json"), Plan.class)).isEqualTo(plan);
        assertThat(Json.parse(file, Json.line(plan), Plan.class)).isEqualTo(plan);
        assertThat(Json.line(plan)).doesNotContain("\n");
        try (var files = Files.list(folder)) {
            assertThat(files).as("no temporary file stays").hasSize(2);
        }
    }

    @Test
    void geometryRoundTrips() throws IOException {
        record Geometry(Grid grid, Box box, Path file) {}
        Grid grid = new Grid(new Shape(3, 4, 5), new Affine(-0.7, 0, 0, 90.25, 0, 1.1, 0.01, -7, 0, 0, 2.5, 1e-7));
        Geometry geometry = new Geometry(grid, new Box(-1, 0, 2, new Shape(1, 2, 3)), Path.of("a", "b.nii.gz"));
        Path file = folder.resolve("g.yaml");
        Yaml.write(file, geometry);
        assertThat(Yaml.read(file, Geometry.class)).isEqualTo(geometry);
        assertThat(Files.readString(file)).contains("shape: [3, 4, 5]").contains("box: [[-1, 0, 2], [1, 2, 3]]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "yes",
                "No",
                "null",
                "~",
                "1",
                "1.5",
                "0x1f",
                "1e3",
                ".nan",
                "- a",
                "a: b",
                "a #b",
                "#x",
                "a:",
                "'q'",
                "\"",
                "\\",
                "two\nlines",
                "tab\t",
                "üñï",
                "@at",
                "%",
                "!tag",
                "&a",
                "*a",
                "[x]",
                "{x}",
                "|",
                ">",
                "-",
                "---",
                "...",
                "12:30:00",
                "2020-01-01",
                "true",
                "NaN",
                "a/b-c_d.nii.gz",
                " lead",
                "trail ",
                "\u2028",
                "=",
                "<<",
                ".inf",
                "=x",
                "?",
                "? a"
            })
    void everyTextSurvives(String text) throws IOException {
        record Words(String word, List<String> list, SortedMap<String, String> map) {}
        Words words = new Words(text, List.of(text, text), new TreeMap<>(java.util.Map.of(text, text)));
        Path file = folder.resolve("w.yaml");
        Yaml.write(file, words);
        assertThat(Yaml.read(file, Words.class)).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0,
                -0.0,
                1,
                0.1,
                1e-30,
                1.7976931348623157e308,
                4.9e-324,
                123456789012345680.0,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY
            })
    void everyNumberSurvives(double number) throws IOException {
        record OneNumber(double value, float small, List<Double> list) {}
        OneNumber record = new OneNumber(number, (float) number, List.of(number));
        Path file = folder.resolve("n");
        Yaml.write(file, record);
        assertThat(Yaml.read(file, OneNumber.class)).isEqualTo(record);
        Json.write(file, record);
        assertThat(Json.read(file, OneNumber.class)).isEqualTo(record);
    }

    @Test
    void nestedListsOfRecordsSurvive() throws IOException {
        record Leaf(String name, List<List<Integer>> values) {}
        record Tree(List<Leaf> leaves, List<List<Leaf>> groups, List<String> none, SortedMap<String, Leaf> byName) {}
        Leaf leaf = new Leaf("a", List.of(List.of(1, 2), List.of(), List.of(3, 4, 5, 6, 7)));
        Tree tree = new Tree(
                List.of(leaf, leaf),
                List.of(List.of(leaf, leaf), List.of(leaf)),
                List.of(),
                new TreeMap<>(java.util.Map.of("k", leaf)));
        Path file = folder.resolve("t.yaml");
        Yaml.write(file, tree);
        assertThat(Yaml.read(file, Tree.class)).isEqualTo(tree);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            patch:             | patchsize:        | plan.yaml] unknown key 'patchsize'; did you mean 'patch'?
            'strides: [[1, 1, 1], [2, 2, 2]]' | '' | plan.yaml] missing key 'strides'
            '  learningRate:'  | '  learningrate:' | plan.yaml] unknown key 'learningrate' in 'inner'; did you mean 'learningRate'?
            '  steps: 1000'    | '  '              | plan.yaml] missing key 'steps' in 'inner'
            steps: 1000        | steps: 1000.5     | key 'inner.steps'
            steps: 1000        | steps: x       | is not a whole number
            steps: 1000        | steps: null       | 'steps'
            steps: 1000        | steps: 99999999999 | key 'inner.steps': Numeric value (99999999999) out of range
            budget: compact    | budget: compct    | key 'budget' 'compct' is unknown; did you mean 'compact'?
            budget: compact    | budget: 1         | key 'budget'
            type: ct-window    | type: ct-windw    | type 'ct-windw' is unknown; did you mean 'ct-window'?
            '- type: z-score'  | '- {}'            | missing key 'type'
            lower: -160.0      | lower: 300        | key 'windows[0]': lower 300.0 must be below upper 240.0
            dataset:           | 'budget: compact\\ndataset:'| Duplicate
            [40, 56, 40]       | [40, 56]          | a shape has 3 axes, given 2
            [40, 56, 40]       | [40, 0, 40]       | must be at least 1 on every axis
            [40, 56, 40]       | 40                | key 'patch'
            [40, 56, 40]       | [40, 56, 40       | line
            'dataset: '        | 'dataset: [1] #'  | key 'dataset' is not a text
            """)
    void mistakesAreNamedWithFileAndKey(String right, String wrong, String message) throws IOException {
        String text = TEXT.replaceFirst(
                java.util.regex.Pattern.quote(right),
                java.util.regex.Matcher.quoteReplacement(wrong.replace("\\n", "\n")));
        assertThat(text).isNotEqualTo(TEXT);
        assertThatThrownBy(() -> Yaml.read(file(text), Plan.class))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("[" + folder.resolve("plan.yaml") + "] ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"compact", "COMPACT", "Compact"})
    void enumsAreReadInAnyCase(String word) throws IOException {
        assertThat(Yaml.read(file(TEXT.replace("budget: compact", "budget: " + word)), Plan.class))
                .isEqualTo(plan);
    }

    @Test
    void exponentsWithoutAPointAreNumbers() throws IOException {
        assertThat(Yaml.read(file(TEXT.replace("0.001", "1e-3")), Plan.class)).isEqualTo(plan);
    }

    @Test
    void emptyAndMissingFilesAreNamed() {
        assertThatThrownBy(() -> Yaml.read(file(""), Plan.class))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("plan.yaml]");
        assertThatThrownBy(() -> Yaml.read(folder.resolve("none.yaml"), Plan.class))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.yaml] there is no such file");
        assertThatThrownBy(
                        () -> Json.parse(Path.of("metrics.jsonl"), "{\"steps\": 1, \"learningRate\": 1", Inner.class))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("[metrics.jsonl] line 1");
        assertThatThrownBy(() -> Json.parse(Path.of("m"), "{\"steps\":1,\"learningRate\":1} x", Inner.class))
                .isInstanceOf(IOException.class);
    }

    @Test
    void readOverKeepsWhatTheFileLeavesOut() throws IOException {
        Plan changed = Yaml.readOver(file("patch: [8, 8, 8]\ninner:\n  steps: 5\nclasses:\n  0: a\nbatch: 3\n"), plan);
        assertThat(changed.patch()).isEqualTo(Shape.cube(8));
        assertThat(changed.inner()).isEqualTo(new Inner(5, 1e-3));
        assertThat(changed.classes()).hasSize(1).containsEntry(0, "a");
        assertThat(changed.batch()).contains(3);
        assertThat(changed.windows()).isEqualTo(plan.windows());
        assertThat(Yaml.readOver(file("# nothing\n"), plan)).isEqualTo(plan);
        assertThatThrownBy(() -> Yaml.readOver(file("inner:\n  step: 5\n"), plan))
                .hasMessageEndingWith("plan.yaml] unknown key 'step' in 'inner'; did you mean 'steps'?");
        assertThatThrownBy(() -> Yaml.readOver(file("[1, 2]"), plan)).isInstanceOf(IOException.class);
    }

    @Test
    void readOverReplacesAMemberOfAFamilyByAnother() throws IOException {
        record Holder(Window window) {}
        Holder holder = new Holder(new CtWindow(0, 5));
        assertThat(Yaml.readOver(file("window: {lower: 2}"), holder).window()).isEqualTo(new CtWindow(2, 5));
        assertThat(Yaml.readOver(file("window: {type: z-score}"), holder).window())
                .isEqualTo(new ZScore());
        assertThatThrownBy(() -> Yaml.readOver(file("window: {type: z-score, lower: 1}"), holder))
                .hasMessageContaining("unknown key 'lower'");
    }
}
