package org.unet4j.cli;

import org.unet4j.io.DownloadListener;

/** Shows a download. */
final class DownloadLines implements DownloadListener {
    private final Terminal terminal;
    private final String name;

    DownloadLines(Terminal terminal, String name) {
        this.terminal = terminal;
        this.name = name;
    }

    @Override
    public void recovered(String what) {
        terminal.note(name + ": " + what);
    }

    @Override
    public void update(String what, long done, long total) {
        terminal.update(Work.of(name + ": " + what, done, total, Work.BYTES));
    }
}
