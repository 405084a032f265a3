package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitsTest {

    record Golden(String source, List<Long> words, SortedMap<String, List<List<Integer>>> folds) {}

    @TempDir
    Path folder;

    private static Golden golden() throws IOException {
        return Json.read(Path.of("src/test/resources/golden/splits.json"), Golden.class);
    }

    private static List<String> ids(int cases) {
        return IntStream.range(0, cases)
                .mapToObj(i -> String.format(Locale.ROOT, "case_%03d", i))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 17, 208, 260, 281})
    void foldsEqualScikitLearns(int cases) throws IOException {
        List<String> ids = ids(cases);
        List<String> unsorted = new ArrayList<>(ids);
        Collections.shuffle(unsorted, new Random(1));
        List<Split> splits = Splits.fiveFold(unsorted);
        List<List<Integer>> expected = golden().folds().get(String.valueOf(cases));
        assertThat(splits).hasSameSizeAs(expected);
        for (int fold = 0; fold < splits.size(); fold++) {
            List<String> validation = expected.get(fold).stream().map(ids::get).toList();
            List<String> training =
                    ids.stream().filter(id -> !validation.contains(id)).toList();
            assertThat(splits.get(fold)).isEqualTo(new Split(training, validation));
        }
    }

    @Test
    void randomBitsEqualNumPys() throws IOException {
        MersenneTwister random = new MersenneTwister(12345);
        long[] words = IntStream.range(0, 1000)
                .mapToLong(i -> Integer.toUnsignedLong(random.nextInt()))
                .toArray();
        int[] at = {0, 1, 2, 623, 624, 999};
        assertThat(golden().words())
                .isEqualTo(IntStream.of(at).mapToObj(i -> words[i]).toList());
    }

    @Test
    void tooFewCasesAreRejected() {
        assertThatThrownBy(() -> Splits.fiveFold(List.of("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a dataset of 1 labelled case cannot be divided");
        assertThatThrownBy(() -> Splits.fiveFold(List.of())).hasMessageContaining("0 labelled cases");
        assertThatThrownBy(() -> Splits.fiveFold(List.of("a", "a"))).hasMessageContaining("'a' stands twice");
        assertThatThrownBy(() -> Splits.all(List.of())).hasMessageContaining("at least one training case");
    }

    @Test
    void allLearnsFromEveryCase() {
        assertThat(Splits.all(List.of("b", "a"))).isEqualTo(new Split(List.of("a", "b"), List.of()));
    }

    @Test
    void splitsFileRoundTrips() throws IOException {
        Path file = folder.resolve("splits_final.json");
        List<Split> splits = Splits.fiveFold(ids(7));
        Splits.write(file, splits);
        assertThat(Splits.read(file, ids(7))).isEqualTo(splits);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            []                                                              | has no folds
            [{'train': ['case_000'], 'val': ['case_01']}]                   | fold 0: the dataset has no labelled case 'case_01'; did you mean 'case_001'?
            [{'train': ['case_000'], 'val': []}]                            | fold 0: 'val' is empty
            [{'train': [], 'val': ['case_000']}]                            | fold 0: 'train' is empty
            [{'train': ['case_000', 'case_001'], 'val': ['case_001']}]      | case 'case_001' stands twice in a split
            [{'train': ['case_000', 'case_000'], 'val': ['case_001']}]      | case 'case_000' stands twice in the training part
            [{'train': ['case_000'], 'validation': ['case_001']}]           | unknown key 'validation' in '[0]'; did you mean 'val'?
            [{'train': ['case_000']}]                                       | missing key 'val'
            {'train': ['case_000']}                                         | is not a list
            """, quoteCharacter = '"')
    void mistakesInASplitsFileAreNamed(String json, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("splits_final.json"), json.replace('\'', '"'));
        assertThatThrownBy(() -> Splits.read(file, ids(3)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("splits_final.json] ")
                .hasMessageContaining(message);
    }
}
