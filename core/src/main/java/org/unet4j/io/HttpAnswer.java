package org.unet4j.io;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the headers of an answer say (RFC 9110). */
final class HttpAnswer {

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    private HttpAnswer() {}

    /**
     * Returns which version of which file an answer with the whole of it is.
     *
     * @throws IOException if the answer does not say how long it is, or is a page for people
     */
    static PartialFile.Origin origin(String source, HttpHeaders headers) throws IOException {
        String type = headers.firstValue("Content-Type").orElse("");
        if (type.startsWith("text/html")) {
            throw new IOException("[" + source + "] answers with a web page and not with an archive: it is another"
                    + " address, or this network wants you to log in first");
        }
        OptionalLong length = headers.firstValueAsLong("Content-Length");
        if (length.isEmpty()) {
            throw new IOException("[" + source + "] does not say how long the archive is; choose another server");
        }
        return new PartialFile.Origin(source, version(headers), length.getAsLong());
    }

    /** Returns what {@code If-Range} takes: a strong ETag, else the time of the last change. */
    private static Optional<String> version(HttpHeaders headers) {
        return headers.firstValue("ETag")
                .filter(tag -> !tag.startsWith("W/"))
                .or(() -> headers.firstValue("Last-Modified"));
    }

    /** Returns whether an answer holds the bytes of {@code origin} from {@code position} to its end. */
    static boolean isRest(HttpHeaders headers, PartialFile.Origin origin, long position) {
        Matcher range =
                CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
        return range.matches()
                && Long.parseLong(range.group(1)) == position
                && Long.parseLong(range.group(2)) == origin.size() - 1
                && Long.parseLong(range.group(3)) == origin.size()
                && (version(headers).isEmpty() || version(headers).equals(origin.version()));
    }

    /** Returns how long to leave the server alone, as it asks for in seconds or as a time; empty where it does not. */
    static Optional<Duration> retryAfter(HttpHeaders headers, Instant now) {
        return headers.firstValue("Retry-After").flatMap(text -> {
            if (text.matches("\\d{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
            }
            try {
                Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                return Optional.of(Duration.between(now, then)).filter(pause -> !pause.isNegative());
            } catch (DateTimeParseException e) {
                return Optional.empty(); // Not for us to mend: our own pause is taken.
            }
        });
    }
}
