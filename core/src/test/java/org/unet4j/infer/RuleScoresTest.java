package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.eval.Dice;
import org.unet4j.infer.PostProcessing.Rule;
import org.unet4j.io.Json;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

class RuleScoresTest {

    @TempDir
    Path folder;

    /** Draws one slice among empty ones, a digit a voxel; voxels of 10 mm: 1 ml each. */
    private static Labels drawn(String... rows) {
        byte[] classes = new byte[3 * rows.length * rows[0].length()];
        int plane = classes.length / 3;
        for (int y = 0; y < rows.length; y++) {
            for (int x = 0; x < rows[y].length(); x++) {
                classes[plane + y * rows[y].length() + x] = (byte) (rows[y].charAt(x) - '0');
            }
        }
        Shape shape = new Shape(3, rows.length, rows[0].length());
        return new Labels(Grid.of(shape, new Spacing(10, 10, 10)), classes);
    }

    private static RuleScores scores(Labels predicted, Labels reference) {
        return RuleScores.of("case", predicted, reference, Set.of(1, 2, 3));
    }

    /** Blobs of several classes with holes and specks, some at the border; voxels of 0.02 ml, so that every minimum parts them. */
    private static Labels random(Random random, boolean wide) {
        Shape shape = new Shape(12, 14, 17);
        LabelArray classes = LabelArray.background(shape.arrayLength(), wide ? 300 : 4);
        for (int blob = 0; blob < 14; blob++) {
            double radius = 1 + 4 * random.nextDouble() * random.nextDouble();
            double hole = random.nextBoolean() ? radius - 1.3 : 0;
            int cls = random.nextInt(4);
            int cz = random.nextInt(12);
            int cy = random.nextInt(14);
            int cx = random.nextInt(17);
            for (int i = 0; i < classes.length(); i++) {
                double distance = Math.sqrt(Math.pow(Math.floorDiv(i, 14 * 17) - cz, 2)
                        + Math.pow(Math.floorDiv(i, 17) % 14 - cy, 2)
                        + Math.pow(i % 17 - cx, 2));
                if (distance < radius && distance >= hole) {
                    classes.set(i, cls);
                }
            }
        }
        return new Labels(Grid.of(shape, new Spacing(2, 2, 5)), classes);
    }

    @Test
    void everyRuleScoresAsItsApplicationToTheWholeLabelMapDoes() {
        Random random = new Random(5);
        int changed = 0;
        for (int i = 0; i < 40; i++) {
            Labels predicted = random(random, i % 4 == 0);
            Labels reference = random(random, i % 3 == 0);
            RuleScores scores = scores(predicted, reference);
            for (int cls = 1; cls < 4; cls++) {
                for (boolean largest : new boolean[] {false, true}) {
                    for (double ml : new double[] {0, 0.05, 0.2, 1.5, 5}) {
                        for (boolean fill : new boolean[] {false, true}) {
                            Rule rule = new Rule(largest, ml, fill);
                            Labels after = new PostProcessing(new TreeMap<>(Map.of(cls, rule))).apply(predicted);
                            double dice = Dice.dice(after, reference, cls);
                            assertThat(scores.dice().get(cls).get(rule.toString()))
                                    .as("world %d, class %d, %s", i, cls, rule)
                                    .isEqualTo(dice);
                            changed += dice != scores.raw(cls) ? 1 : 0;
                        }
                    }
                }
            }
        }
        assertThat(changed).as("worlds in which rules do something").isGreaterThan(500);
    }

    @Test
    void aClassThatIsNotPredictedScoresAlikeByEveryRule() {
        RuleScores scores = scores(drawn("100", "000"), drawn("103", "000"));
        assertThat(scores.dice().get(2).values()).containsOnly(1.0);
        assertThat(scores.dice().get(3).values()).containsOnly(0.0);
    }

    @Test
    void whatHelpsIsChosenAndWhatDoesNotIsLeftOut() {
        Labels reference = drawn("1111000", "1111000", "0000022");
        Labels speck = drawn("1111001", "1111000", "2000022"); // class 1 has a stray voxel; class 2 has one as well
        Labels two = drawn("1111000", "1111000", "2200022"); // and of class 2 there are two true parts here
        PostProcessing chosen = RuleScores.best(List.of(scores(speck, reference), scores(two, two)));
        assertThat(chosen.classes()).containsOnlyKeys(1, 2);
        assertThat(chosen.rule(2))
                .as("the largest alone would cost the second case a half")
                .isEqualTo(new Rule(false, 1.5, false));
        assertThat(chosen.rule(1))
                .as("of rules that do the same, the one that does least")
                .isEqualTo(new Rule(false, 1.5, false));
        assertThat(RuleScores.best(List.of(scores(reference, reference))).classes())
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuleScores.best(List.of()))
                .withMessageContaining("on no case");
    }

    @Test
    void aGainThatNoTableShowsChoosesNothing() {
        String[] rows = new String[401];
        Arrays.fill(rows, "1".repeat(50));
        rows[400] = "0".repeat(50);
        rows[399] = rows[400];
        Labels reference = drawn(rows);
        rows[400] = "0".repeat(49) + "1";
        RuleScores scores = scores(drawn(rows), reference);
        double gain = scores.dice().get(1).get("largest component") - scores.raw(1);
        assertThat(gain).isPositive().isCloseTo(0, within(RuleScores.LEAST_GAIN));
        assertThat(RuleScores.best(List.of(scores)).classes()).isEmpty();
    }

    @Test
    void aFileOfOtherRulesOrClassesIsKnown() throws Exception {
        RuleScores scores = scores(drawn("100", "200"), drawn("110", "200"));
        Path file = folder.resolve("case.json");
        Json.write(file, scores);
        RuleScores read = Json.read(file, RuleScores.class);
        assertThat(read).isEqualTo(scores);
        assertThat(read.isOf(Set.of(1, 2, 3))).isTrue();
        assertThat(read.isOf(Set.of(1, 2))).isFalse();
        TreeMap<String, Double> other = new TreeMap<>(Map.of("nothing", 1.0));
        assertThat(new RuleScores("case", new TreeMap<>(Map.of(1, other))).isOf(Set.of(1)))
                .isFalse();
    }
}
