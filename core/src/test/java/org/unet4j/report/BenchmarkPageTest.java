package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkPageTest {

    private static final Pattern TAG = Pattern.compile("<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>\"]|\"[^\"]*\")*?)(/?)>");
    private static final Set<String> VOID = Set.of("meta", "link", "input", "br");
    private static final String HOSTILE = "<script>alert(\"{body}\")</script>&'$1";

    private static LineChart.Curve curve(String name) {
        return new LineChart.Curve(name, 0, true, List.of(new LineChart.Point(1, 1), new LineChart.Point(2, 0.5)));
    }

    private static CasePicture picture(int imageBytes) {
        return new CasePicture(
                HOSTILE,
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
                List.of(new CasePicture.Outline("unet", 0.5, new TreeMap<>(Map.of(1, "M1 1Z")))));
    }

    private static BenchmarkPage page(BenchmarkResult result, CasePicture... pictures) {
        return new BenchmarkPage(
                result,
                new BenchmarkPage.Extras(
                        List.of(curve("unet-seed1")),
                        List.of(curve("unet-seed1")),
                        List.of(pictures),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty()));
    }

    static List<String> unbalanced(String html) {
        List<String> wrong = new ArrayList<>();
        Deque<String> open = new ArrayDeque<>();
        String markup = html.substring(html.indexOf("</style>"), html.indexOf("<script>"));
        Matcher tags = TAG.matcher(markup + html.substring(html.indexOf("</script>") + "</script>".length()));
        open.push("html");
        open.push("head");
        open.push("style");
        while (tags.find()) {
            String name = tags.group(2);
            if (tags.group(1).isEmpty() && tags.group(4).isEmpty() && !VOID.contains(name)) {
                open.push(name);
            } else if (!tags.group(1).isEmpty() && !open.pop().equals(name)) {
                wrong.add(tags.group());
            }
        }
        wrong.addAll(open);
        return wrong;
    }

    @Test
    void pageIsWholeAndNeedsNothingElse() {
        String html = page(MadeUp.twoNetworks(), picture(10)).html();
        assertThat(unbalanced(html)).isEmpty();
        assertThat(html).doesNotContain("http:").doesNotContain("https:").doesNotContain("@import");
        Matcher addresses = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(html);
        while (addresses.find()) {
            assertThat(addresses.group(1)).matches("(data:|#).*");
        }
        assertThat(html)
                .contains("resunet")
                .contains("Anterior")
                .contains("0b1c2d3")
                .contains("Not a medical device");
    }

    @Test
    void namesFromFilesCannotBreakThePage() {
        BenchmarkResult result = MadeUp.result(HOSTILE, 3);
        String html = page(result, picture(10)).html();
        assertThat(unbalanced(html)).isEmpty();
        assertThat(html.split("<script", -1))
                .as("the page's own script, and no other")
                .hasSize(2);
        assertThat(html).contains("&lt;script&gt;alert(&quot;{body}&quot;)&lt;/script&gt;&amp;&#39;$1");
    }

    @Test
    void pageStaysUnderItsLimitByLeavingPicturesOut() {
        String html = page(MadeUp.twoNetworks(), picture(1_000_000), picture(8_000_000), picture(9_000_000))
                .html();
        assertThat(html.length()).isBetween(1_000_000, BenchmarkPage.MOST_BYTES);
    }

    @Test
    void summarySaysWhetherADifferenceIsMoreThanChance() {
        assertThat(new Summary(MadeUp.twoNetworks()).finding())
                .contains("resunet reached a mean foreground Dice of 0.754")
                .contains("the highest of two networks; unet reached 0.750")
                .contains("Case by case, resunet (+0.004, p = 0.020) is better than the baseline unet");
        BenchmarkResult undecided =
                MadeUp.result("d", 3, MadeUp.network("resunet", -0.01, MadeUp.difference(-0.01, 0.4), 3));
        assertThat(new Summary(undecided).finding())
                .contains("Between resunet and the baseline unet these cases show no difference beyond chance")
                .endsWith("it takes more cases to tell networks apart.");
        BenchmarkResult many =
                MadeUp.result("d", 30, MadeUp.network("resunet", -0.01, MadeUp.difference(-0.01, 0.4), 30));
        assertThat(new Summary(many).finding()).endsWith("no difference beyond chance.");
        BenchmarkResult worse =
                MadeUp.result("d", 3, MadeUp.network("resunet", -0.01, MadeUp.difference(-0.01, 0.0001), 3));
        assertThat(new Summary(worse).finding()).contains("(\u22120.010, p < 0.001) is worse than the baseline");
        assertThat(new Summary(MadeUp.result("d", 3)).finding()).endsWith(").");
    }

    @Test
    void pageWithoutCurvesOrPicturesIsWhole(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("report.html");
        new BenchmarkPage(MadeUp.result("d", 1), BenchmarkPage.Extras.NONE).write(file);
        assertThat(unbalanced(Files.readString(file))).isEmpty();
    }

    @Test
    void baselineHasNoDifference() {
        assertThat(MadeUp.network("unet", 0, Optional.empty(), 2).difference()).isEmpty();
    }

    @Test
    void templateNeedsEveryValue() {
        assertThat(Markup.fill("{a} {b} {a} { c } {}", "a", "{b}", "b", "$1")).isEqualTo("{b} $1 {b} { c } {}");
        assertThatNullPointerException().isThrownBy(() -> Markup.fill("{a}")).withMessageContaining("no value for {a}");
    }
}
