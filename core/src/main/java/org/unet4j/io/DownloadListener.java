package org.unet4j.io;

/** Hears how far a download has come, in bytes, and what got in its way. */
public interface DownloadListener extends Progress {

    /** Called when something went wrong that is being mended, with what happened and what is done, in one line. */
    void recovered(String what);

    /** Returns one that hears nothing. */
    static DownloadListener silent() {
        return new DownloadListener() {
            @Override
            public void update(String what, long done, long total) {}

            @Override
            public void recovered(String what) {}
        };
    }
}
