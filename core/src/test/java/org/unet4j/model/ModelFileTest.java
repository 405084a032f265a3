package org.unet4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Shape;

class ModelFileTest {

    private static final ModelSpec SPEC = new UNet(1, 3, Topologies.cubes(2, 4, 6));

    @TempDir
    private Path folder;

    private Path saved(ModelSpec spec) throws IOException {
        Path file = folder.resolve("best.safetensors");
        try (Network network = spec.build(1)) {
            ModelFile.save(file, network, spec);
        }
        return file;
    }

    @Test
    void theWeightsOfAnotherNetworkAreRejectedByTheFirstTensorThatDiffers() throws IOException {
        Path file = saved(new ResUNet(1, 3, SPEC.topology()));
        assertThatThrownBy(() -> ModelFile.load(file, SPEC))
                .isInstanceOf(IOException.class)
                .hasMessage("[best.safetensors] holds the weights of another network or plan: tensor"
                        + " 'decoder.0.shortcut.conv.bias' is [2], expected missing; load it with the spec it was saved"
                        + " with");
    }

    @Test
    void theWeightsOfAnotherPlanAreRejectedAndTheNetworkStays() throws IOException {
        Path file = saved(new UNet(1, 3, Topologies.cubes(2, 5, 6)));
        try (Network network = SPEC.build(7)) {
            float[] before = Tensors.toFloats(network.state().get("head.weight"));
            assertThatThrownBy(() -> ModelFile.load(file, network))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("tensor 'decoder.1.0.conv.bias' is [5], expected [4]");
            assertThat(Tensors.toFloats(network.state().get("head.weight"))).containsExactly(before);
        }
    }

    @Test
    void aFileThatDoesNotSayWhatItIsNeedsTheSpec() throws IOException {
        Path file = folder.resolve("bare.safetensors");
        try (Network network = SPEC.build(1)) {
            Safetensors.write(file, network.state(), Map.of());
        }
        assertThatThrownBy(() -> ModelFile.load(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[bare.safetensors] does not say which network it is of");
        ModelFile.load(file, SPEC).close();
    }

    @Test
    void aSpecOfAnUnknownNetworkIsRejected() throws IOException {
        Path yaml = folder.resolve("model.yaml");
        ModelFile.writeSpec(yaml, SPEC);
        Files.writeString(yaml, Files.readString(yaml).replace("unet", "vnet"));
        assertThatThrownBy(() -> ModelFile.readSpec(yaml))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("model.yaml");
        assertThatThrownBy(() -> ModelSpec.of("vnet", 1, 3, SPEC.topology()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model 'vnet' is not known; known: unet, resunet, attention-unet, attention-resunet");
    }

    @Test
    void aNetworkNeedsAChannelAndTwoClasses() {
        for (String name : ModelSpec.names()) {
            assertThatThrownBy(() -> ModelSpec.of(name, 0, 3, SPEC.topology()))
                    .hasMessage(name + ": 0 image channels; at least 1 is needed");
            assertThatThrownBy(() -> ModelSpec.of(name, 1, 1, SPEC.topology()))
                    .hasMessageContaining(name + ": 1 classes; at least 2");
        }
    }

    @Test
    void aClosedNetworkHasNoWeights() {
        Network network = SPEC.build(1);
        network.close();
        assertThat(network.parameters()).allMatch(tensor -> tensor.isNull());
    }

    @Test
    void upsamplingIsPyTorchsTrilinear() {
        try (Scope scope = new Scope()) {
            float[] values = {1, 3, -2, 8, 0, 4};
            // torch.nn.functional.interpolate(values as (1, 1, 1, 2, 3), scale_factor=(1, 1, 2), mode="trilinear")
            float[] expected = {1, 1.5f, 2.5f, 1.75f, -0.75f, -2, 8, 6, 2, 1, 3, 4};
            assertThat(Tensors.toFloats(Gates.upsample(Tensors.of(values, 1, 1, 1, 2, 3), new Shape(1, 1, 2))))
                    .containsExactly(expected);
        }
    }
}
