package org.unet4j.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.volume.Order;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;

class PlanTest {

    private static final Plan CT =
            Worlds.plan(new Spacing(3, 0.1, 1 / 3.0), CropRule.BODY, new Normalization.CtWindow(-20, 160.5, 80, 30));

    @TempDir
    Path folder;

    private Path edited(String from, String to) throws IOException {
        Path file = folder.resolve("plan.yaml");
        CT.write(file);
        String text = Files.readString(file);
        assertThat(text).contains(from);
        return Files.writeString(file, text.replace(from, to));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        CT.write(folder.resolve("plan.yaml"));
        assertThat(Plan.read(folder.resolve("plan.yaml"))).isEqualTo(CT);
        Worlds.plan().write(folder.resolve("mr.yaml"));
        assertThat(Plan.read(folder.resolve("mr.yaml"))).isEqualTo(Worlds.plan());
    }

    @Test
    void anEditIsTaken() throws IOException {
        assertThat(Plan.read(edited("[8, 8, 8]", "[16, 8, 8]")).patch()).isEqualTo(new Shape(16, 8, 8));
    }

    @Test
    void aMisspeltKeyIsNamedWithTheNearestOne() throws IOException {
        Path file = edited("patch:", "pacth:");
        assertThatThrownBy(() -> Plan.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("plan.yaml")
                .hasMessageContaining("pacth")
                .hasMessageContaining("patch");
    }

    @Test
    void aPatchThatTheStridesDoNotDivideIsNamedWithTheNearest() throws IOException {
        Path file = edited("patch: [8, 8, 8]", "patch: [9, 8, 8]");
        assertThatThrownBy(() -> Plan.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("plan.yaml")
                .hasMessageContaining("patch (9, 8, 8) must be divisible by (2, 2, 2); nearest valid: (10, 8, 8)");
    }

    @Test
    void aWindowTheWrongWayRoundIsRejected() throws IOException {
        Path file = edited("upper: 160.5", "upper: -160.5");
        assertThatThrownBy(() -> Plan.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("window");
    }

    @Test
    void howThickSlicesAreInterpolatedIsAValueOfThePlan() throws IOException {
        Plan linear = Plan.read(edited("throughPlane: nearest", "throughPlane: linear"));
        assertThat(linear.resampling()).isEqualTo(new Resampling(Order.CUBIC, 3, Order.LINEAR));
        assertThat(linear.preparationHash()).isNotEqualTo(Worlds.plan().preparationHash());
        assertThatThrownBy(() -> Plan.read(edited("throughPlane: nearest", "thickSliceRatio: 2.0")))
                .hasMessageContaining("thickSliceRatio");
        assertThatThrownBy(() -> Plan.read(edited("  throughPlane: nearest\n", "")))
                .hasMessageContaining("throughPlane");
    }

    @Test
    void impossibleValuesAreRejected() {
        Plan plan = Worlds.plan();
        assertThatThrownBy(() -> plan.withBatch(0)).hasMessageContaining("batch 0 must be at least 1");
        assertThatThrownBy(() -> plan.withPatch(Shape.cube(7))).hasMessageContaining("nearest valid: (8, 8, 8)");
        assertThatThrownBy(() -> Worlds.plan(plan.spacing(), plan.crop())).hasMessageContaining("channels is empty");
        assertThatThrownBy(() -> withClasses(Map.of(0, "background")))
                .hasMessageContaining("background and at least one");
        assertThatThrownBy(() -> withClasses(Map.of(0, "background", 2, "liver")))
                .hasMessageContaining("without gaps");
        assertThatThrownBy(() -> new Resampling(Order.CUBIC, 0.5, Order.NEAREST))
                .hasMessageContaining("thickSliceRatio 0.5");
        assertThatThrownBy(() -> new Resampling(Order.CUBIC, 3, Order.CUBIC))
                .hasMessageContaining("throughPlane cubic must be nearest or linear");
    }

    private static Plan withClasses(Map<Integer, String> classes) {
        Plan p = Worlds.plan();
        return new Plan(
                p.dataset(),
                p.channels(),
                new TreeMap<>(classes),
                p.crop(),
                p.spacing(),
                p.resampling(),
                p.medianShape(),
                p.budget(),
                p.patch(),
                p.batch(),
                p.topology());
    }

    @Test
    void anImpossibleTopologyIsRejected() {
        Shape one = Shape.cube(1);
        Shape three = Shape.cube(3);
        assertThatThrownBy(() -> new Topology(List.of(), List.of(), List.of())).hasMessageContaining("at least one");
        assertThatThrownBy(() -> new Topology(List.of(one), List.of(three), List.of(1, 2)))
                .hasMessageContaining("1 strides, 1 kernels, 2 features");
        assertThatThrownBy(() -> new Topology(List.of(Shape.cube(2)), List.of(three), List.of(8)))
                .hasMessageContaining("first stride");
        assertThatThrownBy(() -> new Topology(List.of(one), List.of(Shape.cube(2)), List.of(8)))
                .hasMessageContaining("must be odd");
        assertThatThrownBy(() -> new Topology(List.of(one), List.of(three), List.of(0)))
                .hasMessageContaining("0 features");
        assertThatThrownBy(() -> new Topology(List.of(one, three), List.of(three, three), List.of(8, 8)))
                .hasMessageContaining("must be 1 or 2");
    }

    @Test
    void theHashIsOfTheContent() throws IOException {
        CT.write(folder.resolve("plan.yaml"));
        assertThat(Plan.read(folder.resolve("plan.yaml")).hash()).isEqualTo(CT.hash());
        assertThat(CT.hash()).matches("[0-9a-f]{16}").isNotEqualTo(Worlds.plan().hash());
        assertThat(CT.withBatch(3).hash()).isNotEqualTo(CT.hash());
    }

    @Test
    void onlyWhatChangesPreparedCasesChangesTheirHash() {
        Plan plan = Worlds.plan();
        String hash = plan.preparationHash();
        assertThat(plan.withBatch(9).withPatch(Shape.cube(16)).preparationHash())
                .isEqualTo(hash);
        assertThat(plan.withTopology(plan.topology().withFeatures(32, 320)).preparationHash())
                .isEqualTo(hash);
        Normalization zScore = new Normalization.ZScore();
        assertThat(Worlds.plan(new Spacing(1, 1, 2), plan.crop(), zScore).preparationHash())
                .isNotEqualTo(hash);
        assertThat(Worlds.plan(plan.spacing(), CropRule.NONE, zScore).preparationHash())
                .isNotEqualTo(hash);
        assertThat(Worlds.plan(plan.spacing(), plan.crop(), zScore, zScore).preparationHash())
                .isNotEqualTo(hash);
    }
}
