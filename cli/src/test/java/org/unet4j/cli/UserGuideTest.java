package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Nifti;
import org.unet4j.io.Phantom;
import org.unet4j.volume.Box;
import org.unet4j.volume.Crop;
import org.unet4j.volume.Shape;

/**
 * The user guide's commands, as they stand there and in its order, do what it says. Blocks of {@code sh} are run by bash; lines of the
 * {@code text} after one were printed by it, where {@code ...} stands for anything. STEPS, which the guide names, is 4; scans are smaller
 * than those that its first block makes, and have the same names.
 */
@DisabledOnOs(OS.WINDOWS)
class UserGuideTest {

    private static final Path GUIDE = Path.of("../docs/USER_GUIDE.md");
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)\\n```", Pattern.DOTALL);
    private static final String INSTALL = "./mvnw -q -Dquick install";
    private static final long PATIENCE_MINUTES = 20;
    private static final Shape SMALL = new Shape(24, 32, 40);

    @TempDir
    Path folder;

    private record Block(String language, String text) {}

    private static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(GUIDE));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    private static Block only(String language) throws IOException {
        List<Block> found = blocks().stream()
                .filter(block -> block.language.equals(language))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    /** Returns this process's class path without what belongs to tests: a standalone folder holds the whole of it. */
    private static String program() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .filter(entry -> !Path.of(entry)
                        .getFileName()
                        .toString()
                        .matches("(apiguardian|archunit|assertj|byte-buddy|jspecify|junit|opentest4j|surefire).*"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** Writes a launcher of this build, whose view ends once it is served, and a Slurm that returns at once, but with --wait. */
    private void tools(Path place) throws IOException {
        script(place.resolve("unet4j"), """
                #!/bin/bash
                run() { exec '%s' "$@"; }
                if [ "$1" != view ]; then run "$@"; fi
                (run "$@" --no-browser) > view.txt 2>&1 &
                until grep -q Ctrl-C view.txt || ! kill -0 $! 2>/dev/null; do sleep 0.1; done
                cat view.txt
                kill $! && wait $!
                [ $? = 143 ]
                """.formatted(String.join("' '", TestJava.command(program(), Main.class))));
        script(place.resolve("bin/sbatch"), """
                #!/bin/bash
                wait=
                if [ "$1" = --wait ]; then wait=yes; shift; fi
                last=${1#--array=1-}
                tasks() {
                  for i in $(seq "$last"); do
                    SLURM_ARRAY_TASK_ID=$i SLURM_ARRAY_TASK_COUNT=$last bash -ec "$1" || exit
                  done
                }
                if [ "$wait" ]; then tasks "$3"; else tasks "$3" > slurm.out 2>&1 & fi
                """);
    }

    private String run(Path place, String commands) throws IOException, InterruptedException {
        Path printed = folder.resolve("printed.txt");
        ProcessBuilder builder = new ProcessBuilder("bash", "-ec", commands)
                .directory(place.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        builder.environment().put("STEPS", "4");
        builder.environment().merge("PATH", place.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroy();
        }
        String text = Files.readString(printed);
        assertThat(process.exitValue()).as("%s%n%s", commands, text).isZero();
        return text;
    }

    private static void assertShown(String expected, String printed) {
        for (String line : expected.lines().toList()) {
            String pattern =
                    Stream.of(line.split("\\.\\.\\.", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
            assertThat(printed.lines()).as("%s%n%s", line, printed).anyMatch(one -> one.matches(pattern));
        }
    }

    /** Writes phantoms' middles under the names of the guide. */
    private static void smallScans(Path place) throws IOException {
        for (int i = 0; i < 10; i++) {
            Phantom.Case made = Phantom.generate(Phantom.Settings.small(), 1, i);
            Shape whole = made.image().grid().shape();
            Box middle = new Box(
                    (whole.z() - SMALL.z()) / 2, (whole.y() - SMALL.y()) / 2, (whole.x() - SMALL.x()) / 2, SMALL);
            String name = "patient" + i;
            Nifti.write(
                    place.resolve(i < 9 ? "scans" : "new").resolve(name + "_ct.nii.gz"),
                    Crop.crop(made.image(), middle));
            if (i < 9) {
                Nifti.write(place.resolve("masks").resolve(name + "_seg.nii.gz"), Crop.crop(made.labels(), middle));
            }
        }
    }

    private static List<String> files(Path root, String... folders) throws IOException {
        List<String> names = new ArrayList<>();
        for (String one : folders) {
            try (Stream<Path> files = Files.list(root.resolve(one))) {
                files.forEach(file -> names.add(root.relativize(file).toString()));
            }
        }
        return names.stream().sorted().toList();
    }

    @Test
    @Tag("slow")
    void itsCommandsDoWhatItSays() throws IOException, InterruptedException {
        Path place = Files.createDirectories(folder.resolve("place"));
        tools(place);
        smallScans(place);
        List<Block> blocks = blocks();
        String printed = "";
        int ran = 0;
        for (int i = 1; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            if (block.language.equals("sh")) {
                printed = run(place, block.text);
                ran++;
            } else if (block.language.equals("text")) {
                assertShown(block.text, printed);
            }
        }
        assertThat(ran).isGreaterThan(10);
        assertThat(files(place, "by-shards")).contains("by-shards/patient7.nii.gz", "by-shards/patient8.nii.gz");
        assertThat(place.resolve("scores.csv")).isNotEmptyFile();
        assertThat(place.resolve("by-app/patient9_ct.nii.gz"))
                .hasSameBinaryContentAs(place.resolve("by-onnx/patient9_ct.nii.gz"));
        javaServiceSaysTheSame(place);
    }

    /** The library is installed as the guide says, and the service built against that by its dependencies alone. */
    private void javaServiceSaysTheSame(Path place) throws IOException, InterruptedException {
        assertThat(GUIDE).content().contains("`" + INSTALL + "` puts the library into your Maven repository");
        GuideProject project = new GuideProject(folder.resolve("maven"));
        project.install(INSTALL);
        String classPath = project.compile(only("xml").text, "PancreasService", only("java").text);
        assertThat(classPath).doesNotContain("linux-", "macosx-");
        String printed = run(
                place,
                "'%s' -cp '%s' PancreasService pancreas.onnx new/patient9_ct.nii.gz by-service.nii.gz"
                        .formatted(TestJava.program(), classPath));
        assertThat(printed).containsPattern("(?m)^[0-9.]+ ml$");
        assertThat(Nifti.readLabels(place.resolve("by-service.nii.gz")).bytes())
                .isEqualTo(Nifti.readLabels(place.resolve("by-onnx/patient9_ct.nii.gz"))
                        .bytes());
    }

    @Test
    void itsFirstBlockMakesTheScansThatItNames() throws IOException, InterruptedException {
        Path made = Files.createDirectories(folder.resolve("made"));
        Path small = folder.resolve("small");
        tools(made);
        smallScans(small);
        run(made, blocks().get(0).text);
        String[] folders = {"scans", "masks", "new"};
        assertThat(files(made, folders)).isEqualTo(files(small, folders));
    }

    @Test
    void itsDependenciesAreThoseOfThisBuild() throws IOException {
        String pom = Files.readString(Path.of("../pom.xml"));
        Matcher onnx = Pattern.compile("<onnxruntime.version>(.*)</onnxruntime.version>")
                .matcher(pom);
        assertThat(onnx.find()).isTrue();
        Matcher version = Pattern.compile("<version>(.*)</version>").matcher(pom);
        assertThat(version.find()).isTrue();
        assertThat(only("xml").text)
                .contains("<artifactId>unet4j</artifactId>\n  <version>" + version.group(1) + "<")
                .contains("<artifactId>onnxruntime</artifactId>\n  <version>" + onnx.group(1) + "<");
    }
}
