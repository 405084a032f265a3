package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** MD5 sums, which published archives are checked with: against damage, not against attack. */
final class Md5 {

    private Md5() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    /** Returns {@code text} in lower case, after checking that it is an MD5 sum. */
    static String require(String text) {
        String sum = text.strip().toLowerCase(Locale.ROOT);
        if (!sum.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("MD5 sum '" + text + "' must have 32 hexadecimal digits");
        }
        return sum;
    }

    /**
     * Checks what {@code digest} has heard.
     *
     * @param what to do about another sum
     * @throws IOException if its sum is not {@code expected}
     */
    static void require(Path file, MessageDigest digest, String expected, String what) throws IOException {
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(expected)) {
            throw new IOException("[" + file + "] has the MD5 sum " + found + " and should have " + expected
                    + ": it is damaged, or another archive; " + what);
        }
    }
}
