package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.io.Case;

class ScanFilesTest {

    @TempDir
    Path folder;

    private Path touch(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }

    private static List<String> ids(List<Case> scans) {
        return scans.stream().map(Case::id).toList();
    }

    @Test
    void aFolderGivesAllItsScansAndNothingElse() throws IOException {
        touch("b.nii.gz");
        touch("a.nii");
        touch("._a.nii");
        touch("notes.txt");
        assertThat(ids(ScanFiles.find(List.of(folder), 1))).containsExactly("a", "b");
    }

    @Test
    void nnunetsChannelNumberIsNoPartOfTheName() throws IOException {
        touch("spleen_0000.nii.gz");
        touch("liver_3_0000.nii.gz");
        assertThat(ids(ScanFiles.find(List.of(folder), 1))).containsExactly("liver_3", "spleen");
    }

    @Test
    void patientsNumberedWithFourDigitsStayApart() throws IOException {
        touch("patient_0000.nii.gz");
        touch("patient_0001.nii.gz");
        assertThat(ids(ScanFiles.find(List.of(folder), 1))).containsExactly("patient_0000", "patient_0001");
    }

    @Test
    void anyFileOfAScanStandsForAllItsChannels() throws IOException {
        Path first = touch("p_0000.nii.gz");
        Path second = touch("p_0001.nii");
        for (List<Path> inputs : List.of(List.of(first), List.of(second), List.of(second, first), List.of(folder))) {
            assertThat(ScanFiles.find(inputs, 2)).singleElement().satisfies(scan -> {
                assertThat(scan.id()).isEqualTo("p");
                assertThat(scan.images()).containsExactly(first, second);
            });
        }
    }

    @Test
    void aMissingChannelIsListedAllTheSame() throws IOException {
        Path first = touch("p_0000.nii.gz");
        assertThat(ScanFiles.find(List.of(first), 2).get(0).images())
                .containsExactly(first, folder.resolve("p_0001.nii.gz"));
    }

    @Test
    void whatIsNoScanIsRefused() throws IOException {
        assertThatThrownBy(() -> ScanFiles.find(List.of(folder.resolve("none.nii")), 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.nii] does not exist");
        assertThatThrownBy(() -> ScanFiles.find(List.of(folder), 1)).hasMessageContaining("holds no .nii");
        Path text = touch("a.txt");
        assertThatThrownBy(() -> ScanFiles.find(List.of(text), 1)).hasMessageContaining("a.txt] is not a scan");
    }

    @Test
    void aPairIsOneScan() throws IOException {
        Path header = touch("a.hdr");
        touch("a.img");
        assertThat(ScanFiles.find(List.of(folder), 1)).singleElement().satisfies(scan -> {
            assertThat(scan.id()).isEqualTo("a");
            assertThat(scan.images()).containsExactly(header);
        });
    }

    @Test
    void otherFormatsAreToldWithWhatToDo() throws IOException {
        byte[] dicom = new byte[132];
        System.arraycopy("DICM".getBytes(StandardCharsets.US_ASCII), 0, dicom, 128, 4);
        Path slice = Files.write(folder.resolve("IM000001"), dicom);
        assertThatThrownBy(() -> ScanFiles.find(List.of(slice), 1))
                .hasMessage("[" + slice
                        + "] is a DICOM file; convert its series to NIfTI first, for example with dcm2niix");
        assertThatThrownBy(() -> ScanFiles.find(List.of(folder), 1))
                .hasMessage("[" + folder + "] holds no .nii, .nii.gz or .hdr file: IM000001 is a DICOM file;"
                        + " convert its series to NIfTI first, for example with dcm2niix");
    }

    @Test
    void twoScansOfOneNameAreRefused() throws IOException {
        Path one = touch("x/a.nii.gz");
        Path other = touch("y/a.nii.gz");
        assertThatThrownBy(() -> ScanFiles.find(List.of(one, other), 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("two scans are called a");
        assertThat(ScanFiles.find(List.of(one, one), 1)).hasSize(1);
    }
}
