import { Component, type ReactNode } from "react";
import { Failed } from "../shared/States";

/** Shows what went wrong in a page where its content would be; the menu stays. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) {
      return this.props.children;
    }
    return <Failed error={this.state.error} retry={() => this.setState({ error: null })} />;
  }
}
