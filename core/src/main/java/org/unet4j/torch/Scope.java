package org.unet4j.torch;

import java.util.Iterator;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Frees, when it closes, every libtorch object that its thread made since it was opened. One scope for each training
 * step or tile, in try-with-resources; scopes nest.
 */
public final class Scope implements AutoCloseable {

    private final PointerScope pointers = new PointerScope();

    /** Opens a scope on this thread. */
    public Scope() {}

    /**
     * Returns a handle of {@code tensor} that this scope does not free: it belongs to the enclosing scope of this thread
     * or, where there is none, lives until it is closed or becomes unreachable. The values are shared, not copied. Call
     * it on the innermost open scope.
     */
    public Tensor keep(Tensor tensor) {
        if (PointerScope.getInnerScope() != pointers) {
            throw new IllegalStateException("keep was called on a scope that is not the innermost of its thread");
        }
        Tensor handle = new Tensor(tensor);
        handle.retainReference();
        pointers.detach(handle);
        PointerScope enclosing = enclosing();
        if (enclosing != null) {
            enclosing.attach(handle);
            handle.releaseReference();
        }
        return handle;
    }

    /**
     * Returns a handle of {@code tensor} that no scope frees: it lives until it is closed or becomes unreachable. For
     * parameters and optimizer state.
     */
    public static Tensor own(Tensor tensor) {
        Tensor handle = new Tensor(tensor);
        PointerScope inner = PointerScope.getInnerScope();
        if (inner != null) {
            handle.retainReference();
            inner.detach(handle);
        }
        return handle;
    }

    /** Returns {@code made}, which was made in the innermost scope and which no scope frees now: it lives until it is deallocated. */
    public static <P extends Pointer> P release(P made) {
        made.retainReference();
        PointerScope inner = PointerScope.getInnerScope();
        if (inner != null) {
            inner.detach(made);
        }
        return made;
    }

    private PointerScope enclosing() {
        Iterator<PointerScope> innermostFirst = PointerScope.getScopeIterator();
        while (innermostFirst.hasNext()) {
            if (innermostFirst.next() == pointers) {
                return innermostFirst.hasNext() ? innermostFirst.next() : null;
            }
        }
        return null;
    }

    @Override
    public void close() {
        pointers.close();
    }
}
