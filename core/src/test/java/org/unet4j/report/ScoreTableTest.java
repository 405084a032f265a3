package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.Tolerances;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

/** Worlds of eight voxels in a row. */
class ScoreTableTest {

    private static final Tolerances TOLERANCES = Tolerances.parse("1,2=0.5");

    private static CaseScore score(String id, String prediction, String reference) {
        return CaseScore.of(id, labels(prediction), labels(reference), Set.of(1, 2), TOLERANCES);
    }

    private static Labels labels(String digits) {
        byte[] classes = new byte[digits.length()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (byte) (digits.charAt(i) - '0');
        }
        return new Labels(Grid.of(new Shape(1, 1, classes.length), new Spacing(10, 10, 1)), classes);
    }

    private static ScoreTable table(CaseScore... scores) {
        return new ScoreTable(new CaseScores(List.of(scores)), new TreeMap<>(Map.of(0, "background", 1, "organ")));
    }

    @Test
    void everyClassHasALineAndSoHasTheMean() {
        String text = table(score("a", "11110022", "11100022"), score("b", "01100000", "01100000"))
                .classes();
        assertThat(text.lines().toList().get(0).split("\\s{2,}"))
                .containsExactly(
                        "class",
                        "Dice \u00b1 sd",
                        "NSD",
                        "HD95 mm",
                        "ASD mm",
                        "IoU",
                        "precision",
                        "recall",
                        "\u0394V ml",
                        "\u0394V/V");
        assertThat(text)
                .containsPattern("1 organ +0.929 \u00b1 0.101")
                .containsPattern("\n2 +1.000 \u00b1 0.000 +1.000 +0.00")
                .containsPattern("\nmean +0.964 \u00b1 0.051")
                .contains("NSD within 1 (1 organ), 0.5 (2) mm.")
                .contains("HD95 mm: without 1 of 4.\n");
        assertThat(text.lines()).allMatch(line -> line.length() <= 120).noneMatch(line -> line.endsWith(" "));
    }

    @Test
    void whatMeansLeaveOutIsCounted() {
        assertThat(table(score("a", "11000000", "11000022"), score("b", "11000000", "11000002"))
                        .classes())
                .contains("HD95 mm: without 2 of 4, 2 of them infinite (one mask empty).")
                .contains("precision: without 2 of 4.\n")
                .contains("2: in no prediction.\n")
                .containsPattern("\n2 +0.000 \u00b1 0.000 +0.000 +\u2013 +\u2013");
    }

    @Test
    void everyCaseHasALineAClass() {
        String text = table(score("a", "11000000", "11000022"), score("b", "11000000", "11000000"))
                .cases();
        assertThat(text.lines()).hasSize(2 + 4);
        assertThat(text)
                .containsPattern("\na +2 +0.000 +0.000 +\u221e")
                .containsPattern("\nb +2 +1.000 +1.000 +\u2013");
    }

    @Test
    void scoresOfDiceAloneHaveDiceAlone() {
        CaseScore dice = new CaseScore("a", new TreeMap<>(Map.of(1, 0.5)));
        assertThat(table(dice).classes().lines().toList())
                .hasSize(3)
                .last()
                .asString()
                .isEqualTo("1 organ   0.500 \u00b1 0.000");
    }
}
