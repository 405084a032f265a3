package org.unet4j.ranks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@link PeersTest} has those who come and those who do not. */
class RollCallTest {

    private static final Duration SHORT = Duration.ofSeconds(1);

    @Test
    void twoProcessesOfOneRankAreAnError() throws IOException {
        int port = FreePort.choose();
        try (Board host = Board.host(World.local(0, 2, port))) {
            host.add("here/1", 1);
            World second = World.local(1, 2, port);
            assertThatThrownBy(() -> new RollCall(second).meet())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("two processes say that they are rank 1 of 2 at 127.0.0.1:" + port
                            + ": each needs its own RANK");
        }
    }

    @Test
    void aPortThatIsTakenIsAnError() throws IOException {
        World world = World.local(0, 2, FreePort.choose());
        try (Board other = Board.host(world)) {
            assertThatThrownBy(() -> new RollCall(world).meet())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("rank 0 cannot listen at port " + world.port())
                    .hasMessageContaining("choose another MASTER_PORT");
        }
    }

    @Test
    void aHostWithoutAddressIsNamed() {
        World world = new World(1, 2, 0, 1, "nobody.invalid", 5000, false, 0, SHORT);
        assertThatThrownBy(() -> new RollCall(world).meet())
                .isInstanceOf(LostRankException.class)
                .hasMessage("rank 1 of 2 could not reach rank 0 at nobody.invalid:5000 within 1 s:"
                        + " no host is called nobody.invalid");
    }
}
