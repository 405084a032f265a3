package org.unet4j.badhouse.helpers;

/** Prints, reads the environment, collects garbage, ends the process, and lies in a package that has no place. */
final class TouchesTheProcess {
    private TouchesTheProcess() {}

    static void everything() {
        System.out.println(System.getenv("HOME"));
        System.gc();
        System.exit(1);
    }
}
