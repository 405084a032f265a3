package org.unet4j.cli;

/** The value of an option is not one that the command knows: exit code 2, where help is. */
final class UsageException extends IllegalArgumentException {
    UsageException(String message) {
        super(message);
    }
}
