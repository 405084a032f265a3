package org.unet4j.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Tar archives, good and evil, in memory. */
final class TarBytes {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, 10240, "UTF-8");

    TarBytes() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    }

    /** Long names from here on in pax headers, not in GNU's way. */
    TarBytes pax() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        return this;
    }

    TarBytes file(String name, byte[] content) {
        return entry(name, TarConstants.LF_NORMAL, "", content);
    }

    TarBytes file(String name, String content) {
        return file(name, content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    TarBytes folder(String name) {
        return entry(name, TarConstants.LF_DIR, "", new byte[0]);
    }

    /** Adds an entry of any kind; the name stays as it is, with slashes at its start. */
    TarBytes entry(String name, byte kind, String link, byte[] content) {
        try {
            TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
            entry.setLinkName(link);
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        try {
            tar.close();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
