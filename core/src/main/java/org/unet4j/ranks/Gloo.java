package org.unet4j.ranks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.unet4j.torch.Scope;

/** c10d over sockets, for tensors on the processor. */
final class Gloo {

    private Gloo() {}

    /** Returns the connections to all other ranks, which meet in {@code store}. No scope frees them. */
    static ProcessGroupGloo connect(World world, Store store) {
        try (Scope scope = new Scope()) {
            ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(Board.milliseconds(world.timeout()));
            String own = ownAddress(world).getHostAddress();
            options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(own)));
            return Scope.release(new ProcessGroupGloo(store, world.rank(), world.size(), options));
        }
    }

    /**
     * Returns the address under which this machine talks to that of rank 0. By itself Gloo takes what the machine's own name
     * means, which is a loopback address on many, and nothing at all on some.
     */
    private static InetAddress ownAddress(World world) {
        try (DatagramSocket socket = new DatagramSocket()) {
            // Nothing is sent: the system looks up the route.
            socket.connect(new InetSocketAddress(world.address(), world.port()));
            InetAddress own = socket.getLocalAddress();
            boolean reachable = world.localSize() == world.size() || !own.isLoopbackAddress();
            return reachable ? own : outward().orElse(own);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "[" + world.meetingPlace() + "] has no route from here: " + e.getMessage(), e);
        }
    }

    /** Returns an address of this machine that others may reach: that of rank 0 knows itself by its loopback address. */
    private static Optional<InetAddress> outward() throws IOException {
        List<InetAddress> candidates = NetworkInterface.networkInterfaces()
                .filter(Gloo::isUp)
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        return candidates.stream()
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .or(() -> candidates.stream().findFirst());
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (IOException e) {
            return false;
        }
    }
}
