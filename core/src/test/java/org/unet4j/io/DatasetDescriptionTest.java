package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dataset.json can do wrong. */
class DatasetDescriptionTest {

    @TempDir
    Path parent;

    private DatasetWorld world;

    @BeforeEach
    void makeWorld() throws IOException {
        world = new DatasetWorld(parent);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        {"0": "CT"}            | {}                       | needs 'modality'
        {"0": "CT"}            | {"1": "CT"}              | numbers its channels [1]
        {"0": "CT"}            | {"x": "CT"}              | 'modality': 'x' is not a whole number
        "labels": {            | "label": {               | needs 'labels'
        "2": "tumour"          | "3": "tumour"            | has labels [0, 1, 3]; they must be 0 (background), 1, ... without gaps
        "2": "tumour"          | "tumour": [1, 2]         | label 'tumour' is made of regions
        "2": "tumour"          | "ignore": 2              | has the label 'ignore'
        "2": "tumour"          | "tumour": 1              | gives value 1 to 'pancreas' and to 'tumour'
        "1": "pancreas", "2": "tumour" | "9": "x"         | without gaps
        "modality"             | broken"modality"         | line 1
        imagesTr/              | images\\u0000Tr/          | lists a file whose name is no path: Nul character not allowed
        """)
    void mistakesInTheDescriptionAreNamed(String right, String wrong, String message) throws IOException {
        world.decathlonOfTwo();
        world.describe(Files.readString(world.folder.resolve("dataset.json")).replace(right, wrong));
        assertThatThrownBy(() -> Dataset.open(world.folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("dataset.json] ")
                .hasMessageContaining(message);
    }

    @Test
    void anEntryWithoutALabelIsAProblem() throws IOException {
        world.decathlonOfTwo();
        world.decathlon(2, DatasetWorld.entry("a"), DatasetWorld.entry("b"), "{\"image\": \"./imagesTr/c.nii.gz\"}");
        assertThat(world.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("without 'image' or 'label'"));
    }

    @Test
    void foldersThatAreNoDatasetsAreRejected() throws IOException {
        assertThatThrownBy(() -> Dataset.open(parent.resolve("none"))).hasMessageContaining("there is no such folder");
        assertThatThrownBy(() -> Dataset.open(world.folder)).hasMessageContaining("has no dataset.json");
        world.describe("{\"channel_names\": {\"0\": \"CT\"}, \"labels\": {\"background\": 0, \"a\": 1}}");
        assertThatThrownBy(() -> Dataset.open(world.folder)).hasMessageContaining("lists no training case");
        world.describe(
                "{\"channel_names\": {\"0\": \"CT\"}, \"labels\": {\"background\": 0, \"a\": 1}, \"file_ending\":"
                        + " \".mha\"}");
        assertThatThrownBy(() -> Dataset.open(world.folder))
                .hasMessageContaining("file_ending '.mha' is not supported");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        ISO-8859-1 | "Test"        | "Übung"               | line 1, column 13: Invalid UTF-8 middle byte 0x62: save the file as UTF-8
        UTF-8      | {"name"       | /* mine */ {"name"    | (non-standard) comment?: the file must have none
        UTF-8      | "numTest": 1  | "numTest": NaN        | Non-standard token 'NaN': write a number or null
        UTF-8      | "numTest": 1  | "numTraining": 1      | Duplicate Object property "numTraining"
        """)
    void whatIsNoJsonIsToldWithoutTheParsersOwnWords(Charset charset, String right, String wrong, String message)
            throws IOException {
        world.decathlonOfTwo();
        Path file = world.folder.resolve("dataset.json");
        Files.write(file, Files.readString(file).replace(right, wrong).getBytes(charset));
        assertThatThrownBy(() -> Dataset.open(world.folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("dataset.json] line 1, column")
                .hasMessageEndingWith(message);
    }

    /** As editors on Windows save it. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE"})
    void everyUnicodeIsRead(Charset charset) throws IOException {
        world.decathlonOfTwo();
        Path file = world.folder.resolve("dataset.json");
        String mark = charset.equals(StandardCharsets.UTF_8) ? "\ufeff" : "";
        Files.write(file, (mark + Files.readString(file)).getBytes(charset));
        assertThat(Dataset.open(world.folder).trainingIds()).containsExactly("a", "b");
    }
}
