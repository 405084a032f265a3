package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPageTest {

    private static RunPage page(RunResult... runs) {
        return new RunPage(List.of(runs), List.of(), List.of(), List.of());
    }

    private static RunResult withoutEnd(RunResult run) {
        return new RunResult(
                run.name(),
                run.network(),
                120,
                run.steps(),
                run.trainingCases(),
                run.loss(),
                run.dice(),
                Optional.empty(),
                run.plan(),
                run.fingerprint(),
                run.provenance());
    }

    @Test
    void aRunIsToldInWordsAndNumbers() {
        assertThat(page(MadeUp.run("fold0", 0, 5)).html())
                .contains("unet learned from 20 cases of Task04 for 300 steps, in 2 min 00 s.")
                .contains(
                        "On 5 validation cases that it did not learn from, its last weights have a mean foreground Dice of 0.750")
                .contains(": Anterior 0.800, Posterior 0.700.")
                .contains("The weights of step 200, which validation picked, have 0.801 on these very cases")
                .contains("unet4j train Task04 --model unet --fold 0")
                .contains("clipped to −100 to 200, mean 40 and standard deviation 50 of the foreground")
                .contains("1.96 GiB")
                .doesNotContain("<h2 id=\"title0\">Failures");
    }

    @Test
    void aRunThatIsNotFinishedIsShownAsFarAsItGot() {
        assertThat(page(withoutEnd(MadeUp.run("fold0", 0, 5))).html())
                .contains("It is not finished: there shall be 300 steps.")
                .contains("120 of 300")
                .contains("data-curves")
                .doesNotContain(">Accuracy<");
    }

    /** Differences are 0.02 in each of five cases: the smallest two-sided p of five cases is 2 / 2^5. */
    @Test
    void runsOfTheSameCasesAreComparedCaseByCase() {
        assertThat(page(MadeUp.run("one", 0, 5), MadeUp.run("two", 0.02, 5)).html())
                .contains("On the same 5 validation cases, two has the highest mean Dice, 0.770")
                .contains("Case by case, no run differs from one beyond chance.")
                .contains("+0.020<small>+0.020 to +0.020</small>")
                .contains(">0.063<");
    }

    @Test
    void runsOfOtherCasesAreNotCompared() {
        assertThat(page(MadeUp.run("one", 0, 5), MadeUp.run("two", 0.02, 4)).html())
                .contains("They were scored on different cases")
                .doesNotContain("to the first");
    }

    @Test
    void runsOfOtherClassesStandSideBySideAndNamesThatDisagreeAreBothSaid() {
        RunResult liver = MadeUp.withClasses(
                MadeUp.run("two", 0, 5), "Liver", Map.of(0, "background", 1, "liver", 2, "tumour", 3, "cyst"));
        assertThat(page(MadeUp.run("one", 0, 5), liver).html())
                .contains(">Anterior / liver</th><td data-v=\"0.8", ">Posterior / tumour</th>")
                .contains(">cyst</th><td data-v=\"NaN\">\u2013</td><td data-v=\"0.5\">0.500 \u00b1 0.000</td>")
                .contains("They were scored on different cases")
                .contains("<p class=\"note\">one, on Task04</p>", "<p class=\"note\">two, on Liver</p>");
    }

    @Test
    void runsNeedNames() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> page(MadeUp.run("one", 0, 5), MadeUp.run("one", 0, 5)))
                .withMessageContaining("[one, one]");
        assertThatIllegalArgumentException().isThrownBy(RunPageTest::page);
    }

    @Test
    void aReportReplacesAReportAndNothingElse(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("new/report.html");
        RunPage page = page(MadeUp.run("one", 0, 5));
        page.write(file);
        page.write(file);
        assertThat(file).content().isEqualTo(page.html());
        Files.writeString(file, "<!doctype html><title>of a person</title>");
        assertThatThrownBy(() -> page.write(file))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("is no report of unet4j and stays as it is");
        assertThat(file).content().contains("of a person");
        assertThatThrownBy(() -> page.write(folder)).isInstanceOf(FileAlreadyExistsException.class);
    }
}
