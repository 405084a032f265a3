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
import java.util.TreeMap;
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
                MadeUp.run("two", 0, 5), "Liver", Map.of(0, "background", 1, "liver", 2, "tumour", 3, "cyst"), 0.5);
        assertThat(page(MadeUp.run("one", 0, 5), liver).html())
                .contains(">Anterior / liver</th><td data-v=\"0.8", ">Posterior / tumour</th>")
                .contains(">cyst</th><td data-v=\"NaN\">\u2013</td><td data-v=\"0.5\">0.500 \u00b1 0.000</td>")
                .contains("They were scored on different cases")
                .contains("<p class=\"note\">one, on Task04</p>", "<p class=\"note\">two, on Liver</p>");
    }

    /** 140 400 failures and as many scores, with a picture that alone nearly fills a page. */
    @Test
    void pagesOfManyCasesAndClassesKeepTheirLimitTheWorstFirst() {
        Map<Integer, String> classes = new TreeMap<>();
        for (int cls = 0; cls <= 117; cls++) {
            classes.put(cls, "organ " + cls);
        }
        RunResult run = MadeUp.withClasses(MadeUp.run("many", 0, 1200), "Body", classes, 0.05);
        CasePicture large = picture(run.name(), 14_900_000);
        String html = new RunPage(List.of(run), List.of(), List.of(large), List.of()).html();
        assertThat(html.length()).isLessThan(BenchmarkPage.MOST_BYTES);
        assertThat(html)
                .contains(
                        "140400, the worst first",
                        "organ 117",
                        "Dice of every case of many",
                        "with the lowest mean Dice of 117")
                .containsPattern("<p class=\"note\">1\\d{5} more: the page has no room")
                .doesNotContain("Left out", "image/png", "images of cases");
    }

    @Test
    void sectionsThatNoPageHasRoomForAreLeftOutByName() {
        Page page = new Page(
                "kind",
                "title",
                "lead",
                List.of(),
                List.of(
                        new Page.Section("Long", "", "\u00e4".repeat(9_000_000)),
                        new Page.Section("Short", "", "kept")),
                0,
                0);
        assertThat(Page.within(0, 0, (volumes, pictures) -> page))
                .hasSizeLessThan(BenchmarkPage.MOST_BYTES)
                .contains(">Long</h2><p class=\"note\">Left out: the page has no room for it.</p>", "kept");
    }

    private static CasePicture picture(String network, int imageBytes) {
        return new CasePicture(
                "case_00",
                "worst",
                "axial",
                3,
                10,
                20,
                "R",
                "A",
                "data:image/png;base64," + "A".repeat(imageBytes),
                10,
                20,
                new TreeMap<>(Map.of(1, "M0 0Z")),
                List.of(new CasePicture.Outline(network, 0.5, new TreeMap<>(Map.of(1, "M1 1Z")))));
    }

    @Test
    void aPageWithImagesOfCasesSaysSo() {
        RunResult run = MadeUp.run("one", 0, 5);
        assertThat(new RunPage(List.of(run), List.of(), List.of(picture("one", 10)), List.of()).html())
                .contains("This page contains images of cases: mind who gets it.</footer>");
        assertThat(page(run).html()).doesNotContain("images of cases");
    }

    @Test
    void namesFromFoldersCannotBreakThePage() {
        String hostile = "</title><script>alert(\"{body}\")</script>&'$1";
        RunResult made = MadeUp.run(hostile, 0, 5);
        RunResult run = MadeUp.withClasses(made, hostile, Map.of(0, hostile, 1, hostile, 2, "two"), 0.05);
        String html = new RunPage(
                        List.of(run, MadeUp.run("'one\" x=\"", 0, 4)),
                        List.of(Failure.ofCase(hostile, hostile, hostile)),
                        List.of(picture(hostile, 10)),
                        List.of())
                .html();
        assertThat(BenchmarkPageTest.unbalanced(html)).isEmpty();
        assertThat(html.split("<script", -1))
                .as("the page's own script, and no other")
                .hasSize(2);
        assertThat(html)
                .contains("&lt;script&gt;alert(&quot;{body}&quot;)&lt;/script&gt;&amp;&#39;$1")
                .doesNotContain("'one\"", "x=\"\"");
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
