package org.unet4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchmarkResultTest {

    @TempDir
    Path folder;

    @Test
    void fileHasTheDocumentedFormAndIsReadBack() throws Exception {
        BenchmarkResult result = MadeUp.twoNetworks();
        Path file = folder.resolve("results.json");
        result.write(file);
        JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(json.propertyNames()).contains("dataset", "plan", "seed", "networks", "provenance");
        JsonNode network = json.get("networks").get(1);
        assertThat(network.get("name").asString()).isEqualTo("resunet");
        assertThat(network.get("mean").get("dice").asDouble())
                .isEqualTo(result.best().mean().dice());
        JsonNode dice = network.get("classes").get("2").get("dice");
        assertThat(dice.propertyNames()).containsExactly("mean", "sd", "ci95");
        assertThat(dice.get("ci95")).hasSize(2);
        assertThat(network.get("cases").get(0).propertyNames()).containsExactly("case", "dice", "measures");
        assertThat(network.at("/boundary").propertyNames())
                .containsExactly("nsd", "nsdCi95", "hd95Mm", "hd95LeftOut", "toleranceMm", "difference");
        assertThat(network.at("/boundary/hd95LeftOut").asInt()).isEqualTo(1);
        assertThat(network.at("/robustness").propertyNames()).containsExactly("dice5thPercentile", "casesUnderTenth");
        assertThat(network.at("/classes/2/measures/nsd/cases").asInt()).isEqualTo(5);
        assertThat(network.get("parameters").asLong()).isEqualTo(1_402_310);
        assertThat(network.get("trainSeconds").asDouble()).isEqualTo(653);
        assertThat(network.has("peakDeviceBytes")).isFalse();
        assertThat(BenchmarkResult.read(file)).isEqualTo(result);
    }

    @Test
    void baselineMustBeAmongTheNetworks() throws Exception {
        Path file = folder.resolve("results.json");
        MadeUp.twoNetworks().write(file);
        Files.writeString(
                file, Files.readString(file).replaceFirst("\"baseline\" : \"unet\"", "\"baseline\" : \"vnet\""));
        assertThatIOException()
                .isThrownBy(() -> BenchmarkResult.read(file))
                .withMessageContaining("results.json")
                .withMessageContaining("vnet is not among the networks [unet, resunet]");
    }
}
