package org.unet4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.unet4j.eval.CaseScore;
import org.unet4j.eval.CaseScores;
import org.unet4j.eval.ClassMeasures;
import org.unet4j.eval.Metric;
import org.unet4j.eval.Robustness;
import org.unet4j.eval.Statistics;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Channel;
import org.unet4j.prep.CropRule;
import org.unet4j.prep.Fingerprint;
import org.unet4j.prep.Intensities;
import org.unet4j.prep.IntensitySpread;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Resampling;
import org.unet4j.prep.Topology;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** Results that nobody measured. */
final class MadeUp {

    private static final double NONE = Double.POSITIVE_INFINITY;

    private MadeUp() {}

    static NetworkResult network(String name, double shift, Optional<NetworkResult.Difference> difference, int cases) {
        List<CaseScore> scores = new ArrayList<>();
        for (int i = 0; i < cases; i++) {
            double dice = 0.7 + 0.2 * i / Math.max(1, cases - 1) + shift;
            scores.add(new CaseScore(
                    "case_%02d".formatted(i),
                    new TreeMap<>(Map.of(1, dice, 2, dice - 0.1)),
                    Optional.of(
                            new TreeMap<>(Map.of(1, measures(dice, 2), 2, measures(dice - 0.1, i == 0 ? NONE : 3))))));
        }
        CaseScores all = new CaseScores(scores);
        TreeMap<Integer, NetworkResult.ClassResult> classes = new TreeMap<>();
        for (int cls : all.classes()) {
            classes.put(
                    cls,
                    new NetworkResult.ClassResult(
                            new NetworkResult.DiceResult(
                                    Statistics.mean(all.dice(cls)),
                                    Statistics.standardDeviation(all.dice(cls)),
                                    NetworkResult.ci95(Statistics.bootstrap95(all.dice(cls), 1))),
                            Robustness.of(all.dice(cls)),
                            Optional.of(Map.of("nsd", all.moments(Metric.NSD, cls)))));
        }
        return new NetworkResult(
                name,
                new NetworkResult.Mean(
                        all.meanDice(),
                        Statistics.standardDeviation(all.caseMeans()),
                        NetworkResult.ci95(Statistics.bootstrap95(all.caseMeans(), 1))),
                Robustness.of(all.caseMeans()),
                Optional.of(new NetworkResult.Boundary(
                        all.overall(Metric.NSD).mean(),
                        NetworkResult.ci95(Statistics.bootstrap95(all.caseMeans(Metric.NSD), 1)),
                        all.overall(Metric.HD95_MM).mean(),
                        all.overall(Metric.HD95_MM).leftOut(),
                        new TreeMap<>(Map.of(1, 1.0, 2, 1.0)),
                        difference.map(d -> new NetworkResult.NsdDifference(0.021, d.ci95(), 0.01, 0.02)))),
                classes,
                all.cases(),
                difference,
                List.of(all.meanDice()),
                1_402_310,
                12_300_000_000L,
                653,
                611_000,
                0.004,
                0.41,
                OptionalLong.of(2_100_000_000L),
                OptionalLong.empty());
    }

    private static ClassMeasures measures(double nsd, double hd95Mm) {
        return new ClassMeasures(nsd / 2, nsd, nsd, 1, 0.1, hd95Mm, 1, nsd, 1);
    }

    static Optional<NetworkResult.Difference> difference(double dice, double p) {
        return Optional.of(
                new NetworkResult.Difference("unet", dice, List.of(dice - 0.001, dice + 0.001), p, Math.min(1, 2 * p)));
    }

    static BenchmarkResult result(String dataset, int cases, NetworkResult... more) {
        List<NetworkResult> networks = new ArrayList<>(List.of(network("unet", 0, Optional.empty(), cases)));
        networks.addAll(List.of(more));
        return new BenchmarkResult(
                dataset,
                "3f2a91c07be4d512",
                "fold 0",
                1,
                1,
                1200,
                "unet",
                new TreeMap<>(Map.of(1, "Anterior", 2, "Posterior")),
                networks,
                new TreeMap<>(Map.of("commit", "0b1c2d3", "java", "17")));
    }

    static BenchmarkResult twoNetworks() {
        return result("Task04", 5, network("resunet", 0.004, difference(0.004, 0.01), 5));
    }

    static Plan plan() {
        return new Plan(
                "Task04",
                List.of(new Channel("CT", new Normalization.CtWindow(-100, 200, 40, 50))),
                new TreeMap<>(Map.of(0, "background", 1, "Anterior", 2, "Posterior")),
                CropRule.NONE,
                new Spacing(2, 1, 1),
                Resampling.standard(),
                new Shape(40, 60, 50),
                Budget.COMPACT,
                Shape.cube(16),
                2,
                new Topology(
                        List.of(Shape.cube(1), Shape.cube(2)), List.of(Shape.cube(3), Shape.cube(3)), List.of(4, 8)));
    }

    /** Returns three cases, the second class in two of them. */
    static Fingerprint fingerprint() {
        return new Fingerprint(
                "Task04",
                List.of(
                        size("a", 2, Map.of(1, 1.5, 2, 0.5)),
                        size("b", 3, Map.of(1, 2.5)),
                        size("c", 5, Map.of(1, 3.5, 2, 0.7))),
                List.of(new Intensities(40, 50, -200, 300, 40, -100, 200)),
                Optional.of(List.of(new IntensitySpread(-100, 200, List.of(0.25, 0.5, 0.24)))));
    }

    private static Fingerprint.CaseSize size(String id, double mm, Map<Integer, Double> ml) {
        return new Fingerprint.CaseSize(
                id, new Shape(40, 60, 50), new Spacing(mm, 1, 1), Optional.of(new TreeMap<>(ml)));
    }

    /** Returns a training that ended after 300 steps, with {@code cases} validation cases. */
    static RunResult run(String name, double shift, int cases) {
        CaseScores scores = new CaseScores(network(name, shift, Optional.empty(), cases).cases().stream()
                .map(score -> new CaseScore(score.caseId(), score.dice()))
                .toList());
        return new RunResult(
                name,
                "unet",
                300,
                300,
                20,
                IntStream.rangeClosed(1, 300)
                        .mapToObj(i -> new LineChart.Point(i, 2.0 / i + shift))
                        .toList(),
                List.of(new LineChart.Point(100, 0.5 + shift), new LineChart.Point(300, 0.7 + shift)),
                Optional.of(new RunResult.End(
                        Optional.of(scores),
                        Optional.of(new RunResult.Best(200, 0.801)),
                        120,
                        15,
                        500_000,
                        0.02,
                        1_402_310,
                        OptionalLong.of(2_100_000_000L))),
                plan(),
                Optional.of(fingerprint()),
                new TreeMap<>(Map.of("commit", "0b1c2d3", "command", "unet4j train Task04 --model unet --fold 0")));
    }

    /** Returns {@code run} with other classes and the same Dice for each in every case; the background's name is among them. */
    static RunResult withClasses(RunResult run, String dataset, Map<Integer, String> classes, double same) {
        Plan plan = run.plan();
        Plan other = new Plan(
                dataset,
                plan.channels(),
                new TreeMap<>(classes),
                plan.crop(),
                plan.spacing(),
                plan.resampling(),
                plan.medianShape(),
                plan.budget(),
                plan.patch(),
                plan.batch(),
                plan.topology());
        TreeMap<Integer, Double> dice = new TreeMap<>();
        classes.keySet().stream().filter(cls -> cls > 0).forEach(cls -> dice.put(cls, same));
        RunResult.End end = run.end().orElseThrow();
        return new RunResult(
                run.name(),
                run.network(),
                run.step(),
                run.steps(),
                run.trainingCases(),
                run.loss(),
                run.dice(),
                Optional.of(new RunResult.End(
                        Optional.of(new CaseScores(end.last().orElseThrow().cases().stream()
                                .map(score -> new CaseScore(score.caseId(), dice))
                                .toList())),
                        end.best(),
                        end.trainSeconds(),
                        end.validationSeconds(),
                        end.voxelsPerSecond(),
                        end.waitShare(),
                        end.parameters(),
                        end.peakMemoryBytes())),
                other,
                run.fingerprint(),
                run.provenance());
    }

    /** Returns a case with a block that a network found but for its last slice. */
    static ShownCase shown() {
        Grid grid = Grid.of(new Shape(12, 20, 24), new Spacing(2, 1, 1));
        float[] voxels = new float[grid.shape().arrayLength()];
        byte[] reference = new byte[voxels.length];
        byte[] prediction = new byte[voxels.length];
        for (int i = 0; i < voxels.length; i++) {
            int z = i / (20 * 24);
            int y = i / 24 % 20;
            boolean inside = z > 3 && z < 9 && y > 6 && y < 14 && i % 24 > 5 && i % 24 < 15;
            voxels[i] = inside ? 80 : 10;
            reference[i] = (byte) (inside ? 1 : 0);
            prediction[i] = (byte) (inside && z < 8 ? 1 : 0);
        }
        return new ShownCase(
                "case_00",
                "worst",
                Volume.of(grid, voxels),
                Optional.empty(),
                new Labels(grid, reference),
                List.of(new CasePicture.Segmentation("one", 0.889, new Labels(grid, prediction))));
    }

    /** Returns a page with all that a benchmark can have but pictures. */
    static BenchmarkPage page(BenchmarkResult result) {
        List<LineChart.Curve> curves = new ArrayList<>();
        for (int i = 0; i < result.networks().size(); i++) {
            RunResult run = run(result.networks().get(i).name(), 0.05 * i, 3);
            curves.add(new LineChart.Curve(run.name() + "-seed1", i, true, run.loss()));
        }
        return new BenchmarkPage(
                result,
                new BenchmarkPage.Extras(
                        curves,
                        curves,
                        List.of(),
                        List.of(),
                        List.of(Failure.ofRun("resunet-seed1", "loss or gradient was not finite in 2 of its steps")),
                        Optional.of(plan()),
                        Optional.of(fingerprint())));
    }
}
