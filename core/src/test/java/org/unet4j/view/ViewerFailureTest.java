package org.unet4j.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a page says of a scan that breaks off while it is read. */
class ViewerFailureTest {

    @TempDir
    Path folder;

    @Test
    void thePageSaysWhatIsWrongWithTheFileThoughTheServerEndsThen() throws Exception {
        var shown = new CountDownLatch(1);
        try (Chromium browser = Chromium.start(folder.resolve("profile"))) {
            try (ViewServer server = ViewServer.start(0, Worlds.breaking(shown))) {
                browser.open(server.address());
                browser.await("document.querySelector('.viewer progress')?.value > 0");
                shown.countDown();
                assertThatThrownBy(server::awaitStudy).hasMessageStartingWith("[ct.nii.gz] offset 7");
                assertThat(server.awaitTold(Duration.ofSeconds(60))).isTrue();
            }
            browser.await("document.querySelector('.viewer-error')");
            assertThat(browser.evaluate("document.querySelector('.viewer').textContent")
                            .asString())
                    .isEqualTo("[ct.nii.gz] offset 7: the gzip data ends too early; it is truncated");
        }
    }

    @Test
    void theScanIsShownThoughItsLabelsCannotBeRead() throws Exception {
        var shown = new CountDownLatch(1);
        StudySource source = new StudySource() {
            @Override
            public Study read() {
                throw new AssertionError("asked for in one piece");
            }

            @Override
            public Study read(StudyArrival arrival) throws IOException {
                arrival.name("ct.nii.gz", List.of("labels.nii.gz"));
                arrival.begin(Worlds.scan());
                arrival.come(Worlds.SHAPE.arrayLength());
                arrival.end();
                Worlds.await(shown);
                throw new IOException("[labels.nii.gz] voxel x 1, y 0, z 0 holds 0.5; labels must be whole numbers");
            }
        };
        try (Chromium browser = Chromium.start(folder.resolve("profile"))) {
            try (ViewServer server = ViewServer.start(0, source)) {
                browser.open(server.address());
                browser.await("document.querySelector('.viewer-value')?.textContent === '−296 HU'");
                assertThat(browser.evaluate("document.querySelector('.viewer-classes').textContent")
                                .asString())
                        .isEqualTo("Reading…");
                shown.countDown();
                assertThatThrownBy(server::awaitStudy).hasMessageStartingWith("[labels.nii.gz] voxel");
                assertThat(server.awaitTold(Duration.ofSeconds(60))).isTrue();
            }
            browser.await("document.querySelector('.viewer-classes').textContent"
                    + " === '[labels.nii.gz] voxel x 1, y 0, z 0 holds 0.5; labels must be whole numbers'");
            browser.awaitFrame();
            assertThat(browser.evaluate("document.querySelector('.viewer-label').textContent")
                            .asString())
                    .isEqualTo("not read");
            assertThat(browser.evaluate("document.querySelector('.viewer-with-3d') === null")
                            .asBoolean())
                    .as("no pane for surfaces that never come")
                    .isTrue();
        }
    }

    /** The page is started anew with answers that break off once {@code study.json} has come. */
    @Test
    void whatBreaksOffLaterIsToldInTheServersWords() throws Exception {
        try (Chromium browser = Chromium.start(folder.resolve("profile"));
                ViewServer server = ViewServer.start(0, Worlds::study)) {
            browser.open(server.address());
            browser.await("document.querySelector('.viewer').view?.study.labels.every(map => !map.note)");
            assertThat(browser.evaluate("""
                            (async () => {
                              const real = window.fetch;
                              const answers = [];
                              const breaking = () => new Response(new ReadableStream({
                                start: (stream) => stream.enqueue(new Uint8Array(10)),
                                pull: (stream) => stream.error(new TypeError('network error')),
                              }), {headers: {'Content-Length': '14400'}});
                              window.fetch = async (name) => {
                                answers.push(name);
                                if (name === './scan') {
                                  return breaking();
                                }
                                return answers.filter((one) => one === name).length > 1
                                  ? new Response('[ct.nii.gz] is gone', {status: 500})
                                  : real(name);
                              };
                              await import('./served.js?anew');
                              return document.querySelector('.viewer').textContent;
                            })()""").asString()).isEqualTo("[ct.nii.gz] is gone");
        }
    }
}
