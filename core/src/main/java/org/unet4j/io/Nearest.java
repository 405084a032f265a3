package org.unet4j.io;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the word that a person most likely meant. */
public final class Nearest {

    private Nearest() {}

    /** Returns {@code "; did you mean 'patch'?"} where one valid word is near, else the list of all. */
    public static String hint(String word, Collection<String> valid) {
        if (valid.isEmpty()) {
            return "";
        }
        String nearest = valid.stream()
                .min(Comparator.comparingDouble(candidate -> distance(word, candidate)))
                .orElseThrow();
        return distance(word, nearest) <= 0.5
                ? "; did you mean '" + nearest + "'?"
                : "; valid: " + String.join(", ", valid);
    }

    /** Returns 0 for equal words to 1 for words with nothing in common: edits by length, or 0.4 if one starts the other. */
    private static double distance(String a, String b) {
        String p = plain(a);
        String q = plain(b);
        double edits = (double) edits(p, q) / Math.max(1, Math.max(p.length(), q.length()));
        boolean prefix = Math.min(p.length(), q.length()) >= 3 && (p.startsWith(q) || q.startsWith(p));
        return prefix ? Math.min(edits, 0.4) : edits;
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    }

    /** Returns the number of letters to insert, delete or replace (Levenshtein 1966). */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
