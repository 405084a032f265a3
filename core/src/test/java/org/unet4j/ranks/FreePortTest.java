package org.unet4j.ranks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortTest {

    @Test
    void portsAreFreeAndSeldomTheSame() throws Exception {
        Set<Integer> chosen = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            int port = FreePort.choose();
            assertThat(port).isBetween(FreePort.FIRST, FreePort.LAST);
            try (ServerSocket socket = new ServerSocket(port)) {
                assertThat(socket.isBound()).isTrue();
            }
            chosen.add(port);
        }
        assertThat(chosen).hasSizeGreaterThan(15);
    }
}
