package org.unet4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The house of docs/DESIGN.md: imports point down, so that there is no cycle; libtorch and the process stay where they belong. */
class ArchitectureTest {
    /** From the top down. A package may import those below it. */
    private static final List<String> HOUSE = List.of(
            "benchmark",
            "train",
            "infer",
            "export",
            "loss",
            "model",
            "augment",
            "ranks",
            "torch",
            "report",
            "track",
            "view",
            "eval",
            "prep",
            "io",
            "volume");

    /** These may import less than all that lies below them. */
    private static final Map<String, List<String>> ONLY = Map.of(
            "track", List.of("io"),
            "view", List.of("io", "volume"),
            "eval", List.of("io", "volume"),
            "prep", List.of("io", "volume"));

    private static final List<String> LIBTORCH =
            List.of("benchmark", "train", "infer", "export", "loss", "model", "augment", "ranks", "torch");

    private static final JavaClasses UNET4J = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.unet4j");

    static Stream<String> rules() {
        return rules("org.unet4j").keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(String rule) {
        rules("org.unet4j").get(rule).check(UNET4J);
    }

    /** A rule that finds nothing in a house built wrong would guard nothing. */
    @Test
    void everyKindOfRuleIsBrokenByTheBadHouse() {
        JavaClasses bad = new ClassFileImporter().importPackages("org.unet4j.badhouse");
        var broken = new ArrayList<String>();
        rules("org.unet4j.badhouse").forEach((name, rule) -> {
            if (rule.evaluate(bad).hasViolation()) {
                broken.add(name);
            }
        });
        assertThat(broken)
                .containsExactly(
                        "every class has its place",
                        "infer imports only what lies below it",
                        "libtorch stays in the tensor tier and the engines",
                        "no printing",
                        "no reading of the environment",
                        "no ending of the process",
                        "no calling of the garbage collector");
    }

    private static Map<String, ArchRule> rules(String root) {
        var rules = new LinkedHashMap<String, ArchRule>();
        rules.put(
                "every class has its place", classes().should().resideInAnyPackage(with(root, packages(root, HOUSE))));
        for (int i = 0; i < HOUSE.size(); i++) {
            String name = HOUSE.get(i);
            List<String> below = ONLY.getOrDefault(name, HOUSE.subList(i + 1, HOUSE.size()));
            String[] allowed = with(root, with(packages(root, List.of(name))[0], packages(root, below)));
            rules.put(
                    name + " imports only what lies below it",
                    noClasses()
                            .that()
                            .resideInAPackage(root + "." + name + "..")
                            .should()
                            .dependOnClassesThat(resideInAPackage(root + "..").and(not(resideInAnyPackage(allowed)))));
        }
        rules.put(
                "libtorch stays in the tensor tier and the engines",
                noClasses()
                        .that()
                        .resideOutsideOfPackages(packages(root, LIBTORCH))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("org.bytedeco.."));
        rules.put(
                "no printing",
                noClasses()
                        .should()
                        .accessField(System.class, "out")
                        .orShould()
                        .accessField(System.class, "err")
                        .orShould()
                        .callMethod(Throwable.class, "printStackTrace"));
        rules.put(
                "no reading of the environment",
                noClasses()
                        .should()
                        .callMethod(System.class, "getenv")
                        .orShould()
                        .callMethod(System.class, "getenv", String.class));
        rules.put(
                "no ending of the process",
                noClasses()
                        .should()
                        .callMethod(System.class, "exit", int.class)
                        .orShould()
                        .callMethod(Runtime.class, "exit", int.class)
                        .orShould()
                        .callMethod(Runtime.class, "halt", int.class));
        rules.put(
                "no calling of the garbage collector",
                noClasses().should().callMethod(System.class, "gc").orShould().callMethod(Runtime.class, "gc"));
        rules.replaceAll((name, rule) -> rule.allowEmptyShould(true));
        return rules;
    }

    /** Returns the pattern of each package and those inside it. */
    private static String[] packages(String root, List<String> names) {
        return names.stream().map(name -> root + "." + name + "..").toArray(String[]::new);
    }

    private static String[] with(String first, String[] others) {
        return Stream.concat(Stream.of(first), Stream.of(others)).toArray(String[]::new);
    }
}
