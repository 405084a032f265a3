package org.unet4j.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnsembleFileTest {

    @TempDir
    Path folder;

    private Path made(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    @Test
    void modelsAreNamedAsSeenFromTheFile() throws IOException {
        List<Path> models = List.of(made("fold-0/runs/unet"), made("fold-1/runs/unet"));
        Path ensemble = folder.resolve("ensemble-unet");
        EnsembleFile.write(ensemble, models);
        assertThat(ensemble.resolve("ensemble.yaml"))
                .content()
                .contains("../fold-0/runs/unet", "../fold-1/runs/unet")
                .doesNotContain(folder.toString());
        assertThat(EnsembleFile.models(ensemble)).isEqualTo(models);
        assertThat(EnsembleFile.models(ensemble.resolve("ensemble.yaml"))).isEqualTo(models);
        assertThat(EnsembleFile.models(models.get(0))).as("no ensemble").containsExactly(models.get(0));
    }

    @Test
    void aModelThatIsGoneOrAnEnsembleTooIsNamed() throws IOException {
        Path ensemble = made("ensemble");
        Files.writeString(ensemble.resolve("ensemble.yaml"), "models: [../gone]\n");
        assertThatIOException()
                .isThrownBy(() -> EnsembleFile.models(ensemble))
                .withMessageContaining("ensemble.yaml] names ../gone, which is not there");
        Files.writeString(ensemble.resolve("ensemble.yaml"), "models: [../ensemble]\n");
        assertThatIOException()
                .isThrownBy(() -> EnsembleFile.models(ensemble))
                .withMessageContaining("names ../ensemble, which is an ensemble too");
        Files.writeString(ensemble.resolve("ensemble.yaml"), "models: []\n");
        assertThatIOException()
                .isThrownBy(() -> EnsembleFile.models(ensemble))
                .withMessageContaining("models is empty");
    }
}
