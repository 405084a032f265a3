package org.unet4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CaseScoresTest {

    private static final CaseScores SCORES = new CaseScores(List.of(score("b", 0.5, 0.25), score("a", 1, 0.75)));

    private static CaseScore score(String id, double one, double ten) {
        return new CaseScore(id, new TreeMap<>(Map.of(1, one, 10, ten)));
    }

    @Test
    void meanIsOverClassesOfMeansOverCases() {
        assertThat(SCORES.meanDice()).isEqualTo((0.75 + 0.5) / 2);
        assertThat(SCORES.caseMeans()).containsExactly(0.875, 0.375);
        assertThat(SCORES.dice(10)).containsExactly(0.75, 0.25);
        assertThat(SCORES.cases()).extracting(CaseScore::caseId).containsExactly("a", "b");
    }

    @Test
    void jsonHasTheDocumentedForm(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("scores.json");
        SCORES.writeJson(file);
        JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(json.propertyNames()).containsExactly("mean", "classes", "cases");
        assertThat(json.get("mean").toString()).isEqualTo("{\"dice\":0.625}");
        assertThat(json.get("classes").propertyNames()).containsExactly("1", "10");
        JsonNode first = json.get("classes").get("1").get("dice");
        assertThat(first.propertyNames()).containsExactly("mean", "sd");
        assertThat(first.get("mean").asDouble()).isEqualTo(0.75);
        assertThat(first.get("sd").asDouble()).isEqualTo(Math.sqrt(0.125));
        assertThat(json.get("cases").get(0).toString()).isEqualTo("{\"case\":\"a\",\"dice\":{\"1\":1.0,\"10\":0.75}}");
        assertThat(CaseScores.readJson(file)).isEqualTo(SCORES);
    }

    @Test
    void misspeltKeyIsRejected(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("scores.json");
        SCORES.writeJson(file);
        Files.writeString(file, Files.readString(file).replaceFirst("\"dice\" : 0.625", "\"dicee\" : 0.625"));
        assertThatIOException()
                .isThrownBy(() -> CaseScores.readJson(file))
                .withMessageContaining("scores.json")
                .withMessageContaining("dicee");
    }

    @Test
    void csvHasALineACaseAndClassAndQuotesNames(@TempDir Path folder) throws Exception {
        CaseScores scores = new CaseScores(List.of(new CaseScore("a,\"b\"", new TreeMap<>(Map.of(1, 0.5)))));
        Path file = folder.resolve("scores.csv");
        scores.writeCsv(file);
        assertThat(Files.readString(file)).isEqualTo("case,class,dice\n\"a,\"\"b\"\"\",1,0.5\n");
    }

    @Test
    void averageIsCaseByCase() {
        CaseScores other = new CaseScores(List.of(score("a", 0.5, 0.25), score("b", 0.5, 0.75)));
        assertThat(CaseScores.average(List.of(SCORES, other)))
                .isEqualTo(new CaseScores(List.of(score("a", 0.75, 0.5), score("b", 0.5, 0.5))));
    }

    @Test
    void threePerfectSeedsAverageToPerfect() {
        CaseScores perfect = new CaseScores(List.of(score("a", 1, 1)));
        assertThat(CaseScores.average(List.of(perfect, perfect, perfect))).isEqualTo(perfect);
    }

    @Test
    void guardsNameCaseAndRule() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CaseScores(List.of()))
                .withMessageContaining("at least one case");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CaseScores(List.of(score("a", 1, 1), score("a", 1, 1))))
                .withMessageContaining("[a] is scored twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new CaseScores(List.of(score("a", 1, 1), new CaseScore("b", new TreeMap<>(Map.of(1, 1.0))))))
                .withMessageContaining("[b]")
                .withMessageContaining("same classes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> score("a", 1.5, 0))
                .withMessageContaining("1.5")
                .withMessageContaining("[0, 1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CaseScore("a", new TreeMap<>()))
                .withMessageContaining("at least one class");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CaseScores.average(
                        List.of(SCORES, new CaseScores(List.of(score("a", 1, 1), score("c", 1, 1))))))
                .withMessageContaining("[b] is not scored for every seed");
    }

    private static CaseScore measured(String id, double hd95, double toleranceMm) {
        ClassMeasures measures = new ClassMeasures(0.5, 0.5, 0.5, 1, -0.5, hd95, 1, 0.75, toleranceMm);
        return new CaseScore(id, new TreeMap<>(Map.of(1, 0.5)), Optional.of(new TreeMap<>(Map.of(1, measures))));
    }

    @Test
    void whatIsNotFiniteIsCountedAndNotAveraged(@TempDir Path folder) throws Exception {
        CaseScores scores = new CaseScores(List.of(
                measured("a", 2, 1),
                measured("b", 4, 1),
                measured("c", Double.POSITIVE_INFINITY, 1),
                measured("d", Double.NaN, 1)));
        assertThat(scores.moments(Metric.HD95_MM, 1)).isEqualTo(new Moments(3, Math.sqrt(2), 2, 1, 1));
        assertThat(scores.overall(Metric.HD95_MM)).isEqualTo(new CaseScores.Overall(3, 2));
        assertThat(scores.overall(Metric.NSD)).isEqualTo(new CaseScores.Overall(0.75, 0));
        assertThat(scores.caseMeans(Metric.HD95_MM)).containsExactly(2, 4, Double.NaN, Double.NaN);
        Path file = folder.resolve("scores.json");
        scores.writeJson(file);
        JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(json.at("/mean/measures/hd95Mm").toString()).isEqualTo("{\"mean\":3.0,\"leftOut\":2}");
        assertThat(json.at("/classes/1/measures/hd95Mm/infinite").asInt()).isEqualTo(1);
        assertThat(json.at("/cases/2/measures/1/hd95Mm").asString()).isEqualTo("Infinity");
        assertThat(CaseScores.readJson(file)).isEqualTo(scores);
    }

    @Test
    void csvHasEveryMeasure() {
        assertThat(new CaseScores(List.of(measured("a", Double.POSITIVE_INFINITY, 2))).csv())
                .isEqualTo("""
                        case,class,dice,iou,precision,recall,nsd,hd95Mm,asdMm,volumeDifferenceMl,relativeVolumeDifference,toleranceMm
                        a,1,0.5,0.5,0.5,0.5,0.75,Infinity,1.0,1.0,-0.5,2.0
                        """);
    }

    @Test
    void averageOverSeedsIsInfiniteWhereOneSeedMissed() {
        CaseScores mean = CaseScores.average(
                List.of(new CaseScores(List.of(measured("a", 2, 1))), new CaseScores(List.of(measured("a", 4, 1)))));
        assertThat(mean).isEqualTo(new CaseScores(List.of(measured("a", 3, 1))));
        CaseScores missed = CaseScores.average(List.of(
                new CaseScores(List.of(measured("a", 2, 1))),
                new CaseScores(List.of(measured("a", Double.POSITIVE_INFINITY, 1)))));
        assertThat(missed.moments(Metric.HD95_MM, 1).infinite()).isEqualTo(1);
    }

    @Test
    void casesMustBeMeasuredAlike() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CaseScores(List.of(measured("a", 1, 1), measured("b", 1, 2))))
                .withMessageContaining("tolerance of 1.0 mm in [a] and of 2.0 mm in [b]");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new CaseScores(List.of(measured("a", 1, 1), new CaseScore("b", new TreeMap<>(Map.of(1, 1.0))))))
                .withMessageContaining("Dice alone");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metric.NSD.of(score("a", 1, 1), 1))
                .withMessageContaining("[a] was scored by Dice alone");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CaseScore(
                        "a",
                        new TreeMap<>(Map.of(2, 1.0)),
                        Optional.of(new TreeMap<>(Map.of(1, ClassMeasures.zero(1))))))
                .withMessageContaining("Dice of the classes [2] and measures of [1]");
    }
}
