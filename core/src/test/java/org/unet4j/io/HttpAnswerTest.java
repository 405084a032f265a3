package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers as servers write them, and as they should not. */
class HttpAnswerTest {

    private static HttpHeaders headers(String name, String value) {
        return HttpHeaders.of(Map.of(name, List.of(value), "Content-Length", List.of("10")), (a, b) -> true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120                           | PT2M",
                "0                             | PT0S",
                "Wed, 21 Oct 2015 07:28:30 GMT | PT30S",
                "Wed, 21 Oct 2015 07:27:00 GMT | ",
                "soon                          | ",
                "-1                            | ",
                "99999999999999999999          | "
            })
    void retryAfterIsSecondsOrATimeToCome(String text, Duration pause) {
        Instant now = Instant.parse("2015-10-21T07:28:00Z");
        assertThat(HttpAnswer.retryAfter(headers("Retry-After", text), now)).isEqualTo(Optional.ofNullable(pause));
    }

    @Test
    void onlyAStrongTagOrATimeNamesAVersion() throws Exception {
        assertThat(HttpAnswer.origin("s", headers("ETag", "\"a\"")).version()).contains("\"a\"");
        assertThat(HttpAnswer.origin("s", headers("ETag", "W/\"a\"")).version()).isEmpty();
        assertThat(HttpAnswer.origin("s", headers("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT"))
                        .version())
                .contains("Wed, 21 Oct 2015 07:28:00 GMT");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes 4-9/10, true",
        "bytes 3-9/10, false",
        "bytes 4-8/10, false",
        "bytes 4-9/11, false",
        "bytes 4-9/*, false",
        "bytes */10, false",
        "'', false"
    })
    void onlyTheBytesThatWereAskedForAreTheRest(String range, boolean rest) {
        var origin = new PartialFile.Origin("s", Optional.of("\"a\""), 10);
        assertThat(HttpAnswer.isRest(headers("Content-Range", range), origin, 4))
                .isEqualTo(rest);
    }
}
