package org.unet4j.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The look of a page, and what moves on it. Networks have the colours of Okabe and Ito 2008, which colour-blind people tell apart,
 * lightened for dark screens; classes have such colours on grey images in both modes.
 */
final class PageStyle {

    /** How many colours there are for networks and for classes; then they begin again. */
    static final int COLORS = 6;

    /** The style sheet. */
    static final String CSS = text("page.css");

    /** The script, without which the page is whole: tables sort, charts tell their values. */
    static final String SCRIPT = text("page.js");

    private PageStyle() {}

    private static String text(String resource) {
        try (InputStream in = PageStyle.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
