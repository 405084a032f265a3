package org.unet4j.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowServerTest {

    private static final Map<String, String> BOTH = Map.of(
            "MLFLOW_TRACKING_USERNAME", "ann",
            "MLFLOW_TRACKING_PASSWORD", "pass:word",
            "MLFLOW_TRACKING_TOKEN", "token");

    @Test
    void whoAsksIsInTheVariablesOfMlflowsOwnClient() {
        assertThat(MlflowServer.of("http://host", Map.of()).authorization()).isEmpty();
        assertThat(MlflowServer.of("http://host", Map.of("MLFLOW_TRACKING_TOKEN", "token"))
                        .authorization())
                .contains("Bearer token");
        // printf 'ann:pass:word' | base64
        assertThat(MlflowServer.of("http://host", BOTH).authorization()).contains("Basic YW5uOnBhc3M6d29yZA==");
    }

    @Test
    void aPasswordInTheAddressIsTakenAndShownNowhere() {
        MlflowServer server = MlflowServer.of("https://ann:secret@host:8080/mlflow/", Map.of());
        assertThat(server.authorization()).contains("Basic YW5uOnNlY3JldA=="); // printf 'ann:secret' | base64
        assertThat(server).hasToString("https://host:8080/mlflow");
        assertThat(server.method("runs/create")).hasToString("https://host:8080/mlflow/api/2.0/mlflow/runs/create");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:5000", "file:///tmp/mlruns", "mlruns", "http://", "http://a b:secret@host"})
    void whatIsNoServersAddressIsRefusedInWords(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MlflowServer.of(address, Map.of()))
                .withMessageContaining("http://localhost:5000")
                .withMessageNotContaining("secret");
    }
}
