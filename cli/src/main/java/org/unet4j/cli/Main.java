package org.unet4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: parses the arguments, makes one call into the library, returns its exit code. */
@Command(
        name = "unet4j",
        description = "Trains, compares and uses 3D U-Nets on medical images. For research; not a medical device.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main implements Runnable {
    @Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs the command line and ends the process: 0 done, 1 failed, 2 wrong usage. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }

    /** The version and the commit that this build was made from. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var build = new Properties();
            try (InputStream in = Main.class.getResourceAsStream("/org/unet4j/build.properties")) {
                build.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            String changed = Boolean.parseBoolean(build.getProperty("dirty")) ? ", changed since" : "";
            return new String[] {
                "unet4j %s (commit %s%s)".formatted(build.getProperty("version"), build.getProperty("commit"), changed),
                "Java ${java.version}, ${os.name} ${os.arch}"
            };
        }
    }
}
