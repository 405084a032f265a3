package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.view.Chromium;
import tools.jackson.databind.JsonNode;

/** Reports as a person reads them: opened from a file, with mouse and keyboard, on a large and a small screen, and on paper. */
class ReportInBrowserTest {
    private static final String ACCURACY = "table[aria-label='Dice by network']";

    @TempDir
    static Path folder;

    private static Chromium browser;
    private static Path benchmark;
    private static Path runs;

    @BeforeAll
    static void start() throws IOException {
        browser = Chromium.start(folder.resolve("profile"));
        benchmark = folder.resolve("benchmark.html");
        runs = folder.resolve("runs.html");
        MadeUp.page(MadeUp.result(
                        "Task04",
                        5,
                        MadeUp.network("resunet", 0.004, MadeUp.difference(0.004, 0.01), 5),
                        MadeUp.network("attention-resunet", -0.59, MadeUp.difference(-0.59, 0.3), 5)))
                .write(benchmark);
        new RunPage(List.of(MadeUp.run("one", 0, 5), MadeUp.run("other", 0.02, 5)), List.of(), List.of(), List.of())
                .write(runs);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        browser.call("Emulation.setEmulatedMedia", Map.of("media", "", "features", List.of()));
        open(benchmark, 1400);
    }

    @AfterEach
    void theConsoleIsEmpty() {
        assertThat(browser.errors()).isEmpty();
    }

    private static void open(Path page, int width) throws IOException {
        browser.resize(width, 900);
        browser.open(page.toUri());
        browser.await("location.href === '" + page.toUri() + "' && document.readyState === 'complete'"
                + " && document.querySelector('#tip')");
    }

    private static List<String> texts(String selector) throws IOException {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : browser.evaluate(
                "[...document.querySelectorAll(\"" + selector + "\")].map(node => node.textContent)")) {
            texts.add(text.asString());
        }
        return texts;
    }

    private static String tip() throws IOException {
        return browser.evaluate("document.querySelector('#tip').innerText").asString();
    }

    private static void pointAt(double x, double y) throws IOException {
        browser.call("Input.dispatchMouseEvent", Map.of("type", "mouseMoved", "x", x, "y", y));
        browser.awaitFrame();
    }

    @Test
    void tablesSortByClickAndByKeyboard() throws IOException {
        assertThat(texts(ACCURACY + " tbody th")).containsExactly("unet", "resunet", "attention-resunet");
        browser.click(ACCURACY + " th:nth-child(2) button");
        assertThat(texts(ACCURACY + " tbody th"))
                .as("highest first")
                .containsExactly("resunet", "unet", "attention-resunet");
        assertThat(texts(ACCURACY + " th[aria-sort=descending]")).containsExactly("mean Dice");

        browser.evaluate("document.querySelector(\"" + ACCURACY + " th:nth-child(2) button\").focus()");
        browser.key(" ");
        assertThat(texts(ACCURACY + " tbody th"))
                .as("lowest first")
                .containsExactly("attention-resunet", "unet", "resunet");
        assertThat(texts(ACCURACY + " th[aria-sort=ascending]")).containsExactly("mean Dice");

        browser.click(ACCURACY + " th:nth-child(1) button");
        assertThat(texts(ACCURACY + " tbody th")).as("by name").containsExactly("attention-resunet", "resunet", "unet");
        browser.click("table[aria-label^=Outlines] th:nth-child(4) button");
        assertThat(texts("table[aria-label^=Outlines] tbody tr:last-child th"))
                .as("the baseline has no p, and comes last")
                .containsExactly("unet");
    }

    @Test
    void curvesTellTheirValuesUnderThePointerAndTheArrowKeys() throws IOException {
        double[] middle = browser.middle("svg[data-curves]");
        pointAt(middle[0], middle[1]);
        assertThat(tip()).matches("(?s)step 1\\d\\d\\s+unet-seed1\\s+0\\.01.*resunet-seed1\\s+0\\.06.*");
        pointAt(2, 2);
        assertThat(tip()).isEmpty();

        browser.evaluate("document.querySelector('svg[data-curves]').focus()");
        browser.key("Home");
        assertThat(tip()).startsWith("step 1").contains("2");
        browser.key("ArrowRight");
        assertThat(tip()).startsWith("step 2");
        browser.key("End");
        assertThat(tip()).startsWith("step 300");
        browser.key("Escape");
        assertThat(tip()).isEmpty();
    }

    @Test
    void dotsTellTheirCase() throws IOException {
        browser.evaluate("document.querySelector('svg.dots').scrollIntoView({block: 'center'})");
        JsonNode dot =
                browser.evaluate("(() => { const box = document.querySelector('svg.dots .dot').getBoundingClientRect();"
                        + " return [box.x + box.width / 2, box.y + box.height / 2]; })()");
        pointAt(dot.get(0).asDouble(), dot.get(1).asDouble());
        assertThat(tip()).contains("case_00").contains("0.650");
        assertThat(texts("svg.dots:first-of-type .dot.on"))
                .as("the same case in all three rows")
                .hasSize(3);

        browser.evaluate("document.querySelector('svg.dots').focus()");
        browser.key("End");
        assertThat(tip()).contains("case_04").contains("0.850");
        browser.key("ArrowDown");
        assertThat(tip()).contains("case_04").contains("0.854");
    }

    /** Runs need not have the same cases, nor in the same order, and a measure may be there for none of them. */
    @Test
    void dotsOfOtherRowsAreOfTheSameCase() throws IOException {
        Path page = folder.resolve("dots.html");
        List<Double> none = List.of(Double.NaN, Double.NaN);
        String chart = new DotPlot(
                        "Dice",
                        "Dice",
                        List.of(
                                new DotPlot.Row("one", 0, List.of("a", "b"), new double[] {0.2, 0.4}, 0.3, none),
                                new DotPlot.Row("none", 1, List.of("a"), new double[] {Double.NaN}, Double.NaN, none),
                                new DotPlot.Row("other", 2, List.of("c", "a"), new double[] {0.5, 0.9}, 0.7, none)))
                .svg();
        Page.write(
                page,
                new Page("test", "Dots", "", List.of(), List.of(new Page.Section("Dots", "", chart)), 0, 0).html());
        open(page, 1400);
        browser.evaluate("document.querySelector('svg.dots').focus()");
        browser.key("Home");
        assertThat(tip()).contains("a").contains("0.200");
        assertThat(texts("svg.dots .dot.on")).hasSize(2);
        browser.key("ArrowDown");
        assertThat(tip()).as("over the row without dots").contains("a").contains("0.900");
        browser.key("ArrowUp");
        browser.key("ArrowRight");
        assertThat(tip()).contains("b").contains("0.400");
        assertThat(texts("svg.dots .dot.on")).as("only one has case b").hasSize(1);
        browser.key("ArrowDown");
        assertThat(tip()).as("the nearest").contains("c").contains("0.500");
    }

    @Test
    void failuresAreTheFirstThingAfterTheSummary() throws IOException {
        assertThat(texts("main h2").get(0)).isEqualTo("Failures");
        assertThat(texts(".failures tbody tr th").get(0))
                .as("runs before cases")
                .isEqualTo("resunet-seed1");
        assertThat(texts(".failures tbody tr:nth-child(2)").get(0))
                .contains("attention-resunet", "case_00", "Posterior");
        open(runs, 1400);
        assertThat(texts("main h2")).doesNotContain("Failures");
    }

    @Test
    void pagesFitAnyScreenLightOrDark() throws IOException {
        for (Map.Entry<String, Path> page :
                Map.of("benchmark", benchmark, "runs", runs).entrySet()) {
            for (int width : new int[] {1400, 400}) {
                for (boolean dark : new boolean[] {false, true}) {
                    browser.preferDark(dark);
                    open(page.getValue(), width);
                    assertThat(browser.evaluate("document.documentElement.scrollWidth")
                                    .asInt())
                            .as("%s at %d", page.getKey(), width)
                            .isLessThanOrEqualTo(width);
                    browser.screenshot(
                            Path.of(
                                    "target",
                                    "screenshots",
                                    "report-" + page.getKey() + "-" + width + (dark ? "-dark.png" : ".png")),
                            true);
                }
            }
        }
        assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor")
                        .asString())
                .isEqualTo("rgb(15, 19, 23)");
    }

    /** Paper is white whatever the reader's screen is, and has everything. */
    @Test
    void pagesCanBePrinted() throws IOException {
        browser.preferDark(true);
        JsonNode pdf = browser.call("Page.printToPDF", Map.of("printBackground", true));
        assertThat(Base64.getDecoder().decode(pdf.path("data").asString())).hasSizeGreaterThan(20_000);
        browser.call(
                "Emulation.setEmulatedMedia",
                Map.of("media", "print", "features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
        assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor")
                        .asString())
                .isEqualTo("rgb(255, 255, 255)");
        assertThat(browser.evaluate("getComputedStyle(document.querySelector('nav')).display")
                        .asString())
                .isEqualTo("none");
        assertThat(browser.evaluate("getComputedStyle(document.querySelector('.failures .scroll')).overflowX")
                        .asString())
                .isEqualTo("visible");
    }

    /** The viewer starts inside the page, and looks there as it does alone: the page's own headings do not reach into it. */
    @Test
    void casesAreTurnedOverInThePage() throws IOException {
        Path page = folder.resolve("volume.html");
        new RunPage(
                        List.of(MadeUp.run("one", 0, 5)),
                        List.of(),
                        List.of(),
                        List.of(MadeUp.shown().volume(MadeUp.plan().classes())))
                .write(page);
        open(page, 1400);
        browser.evaluate("document.querySelector('.volume').scrollIntoView({block: 'center'})");
        browser.await("document.querySelector('.volume .viewer').view");
        browser.await("!document.querySelector('.volume .viewer-message').textContent");
        browser.awaitFrame();
        browser.screenshot(Path.of("target", "screenshots", "report-volume.png"), false);
        assertThat(texts(".volume .viewer")).allSatisfy(text -> assertThat(text).contains("reference", "one"));
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(1400);
    }

    @Test
    void everythingIsReachedAndNamed() throws IOException {
        assertThat(browser.evaluate("[...document.querySelectorAll('svg[role=img], [role=region]')]"
                                + ".filter(node => !node.getAttribute('aria-label')).length")
                        .asInt())
                .isZero();
        assertThat(texts("h1")).hasSize(1);
        assertThat(browser.evaluate(
                                "[...document.querySelectorAll('nav a')].every(link => document.querySelector(link.hash))")
                        .asBoolean())
                .isTrue();
        assertThat(Optional.of(browser.evaluate("document.documentElement.lang").asString()))
                .contains("en");
    }
}
